package spillway.kinesis.onflink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import spillway.kinesis.live.Eventually;
import spillway.kinesis.scripted.ScriptedKinesis;

/** Tables as the official connector's documentation writes them. */
@Timeout(120)
class OfficialTableTest {

    @Test
    void metadataPartitionsAndCredentialsAreThoseOfTheOfficialConnector() throws Exception {
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "1");
        configuration.setString("rest.bind-port", "0");
        configuration.setString("table.local-time-zone", "UTC");
        TableEnvironment environment =
                TableEnvironment.create(
                        EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(configuration).build());
        try (ScriptedKinesis kinesis = new ScriptedKinesis()) {
            String options =
                    """
                    'connector' = 'kinesis',
                    'stream.arn' = '%s',
                    'aws.region' = 'us-east-1',
                    'aws.endpoint' = '%s',
                    'aws.credentials.provider' = 'BASIC',
                    'aws.credentials.basic.accesskeyid' = 'AKIATABLE',
                    'aws.credentials.basic.secretkey' = 'secret',
                    'format' = 'json'"""
                            .formatted(kinesis.stream().arn(), kinesis.endpoint());
            environment.executeSql(
                    """
                    CREATE TABLE numbers (
                        number BIGINT,
                        arrived TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
                        shard VARCHAR(128) NOT NULL METADATA FROM 'shard-id' VIRTUAL,
                        sequence VARCHAR(128) NOT NULL METADATA FROM 'sequence-number' VIRTUAL
                    ) WITH (%s, 'source.init.position' = 'TRIM_HORIZON')"""
                            .formatted(options));
            environment.executeSql(
                    """
                    CREATE TABLE texts (app STRING, number BIGINT, text STRING) PARTITIONED BY (app, number)
                    WITH (%s, 'sink.partitioner-field-delimiter' = '/', 'sink.flush-buffer.timeout' = '50')"""
                            .formatted(options));
            kinesis.add("{\"number\":7}");
            JobClient job =
                    environment
                            .executeSql(
                                    """
                                    INSERT INTO texts PARTITION (app = 'x')
                                    SELECT number, shard || ' ' || sequence || ' ' || CAST(arrived AS STRING) FROM numbers""")
                            .getJobClient()
                            .orElseThrow();
            List<String> written = Eventually.holds("the row is written", kinesis::written, rows -> !rows.isEmpty());
            job.cancel().get(60, TimeUnit.SECONDS);
            assertEquals(
                    List.of(
                            "{\"app\":\"x\",\"number\":7,\"text\":\"shardId-000000000000 1 2023-11-14 22:13:20.000\"}"),
                    written);
            assertEquals(List.of("x/7"), kinesis.partitionKeys());
            assertEquals(Set.of("AKIATABLE"), Set.copyOf(kinesis.signedBy()));
        }
    }
}
