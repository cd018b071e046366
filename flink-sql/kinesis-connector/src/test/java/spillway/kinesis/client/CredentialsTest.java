package spillway.kinesis.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import spillway.kinesis.scripted.ScriptedKinesis;

class CredentialsTest {

    @Test
    void keysOfTheTableSignItsCalls() throws Exception {
        assertEquals("AKIATABLE", whoSigns(new Credentials.Keys("AKIATABLE", "secret")));
    }

    @Test
    void theSecretIsNotPrinted() {
        assertFalse(new Credentials.Keys("AKIATABLE", "hidden").toString().contains("hidden"));
    }

    @Test
    void aProfileOfAFileSigns(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("credentials");
        Files.writeString(file, "[other]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n");
        assertEquals("AKIAPROFILE", whoSigns(new Credentials.Profile(file.toString(), "other")));
    }

    @Test
    void systemPropertiesSign() throws Exception {
        System.setProperty("aws.accessKeyId", "AKIASYSTEM");
        System.setProperty("aws.secretAccessKey", "secret");
        try {
            assertEquals("AKIASYSTEM", whoSigns(new Credentials.SystemProperties()));
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    @Test
    void aRoleIsAssumedAndSigns() throws Exception {
        AtomicReference<String> asked = new AtomicReference<>();
        HttpServer sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sts.createContext(
                "/",
                exchange -> {
                    asked.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    byte[] answer =
                            """
                            <AssumeRoleResponse><AssumeRoleResult><Credentials>
                            <AccessKeyId>AKIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
                            <SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>
                            </Credentials></AssumeRoleResult></AssumeRoleResponse>"""
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        sts.start();
        try {
            Credentials role =
                    new Credentials.Role(
                            "arn:aws:iam::123456789012:role/reader",
                            "session-1",
                            "external-1",
                            "http://127.0.0.1:" + sts.getAddress().getPort(),
                            new Credentials.Keys("AKIATABLE", "secret"));
            assertEquals("AKIAROLE", whoSigns(role));
            assertTrue(asked.get().contains("role%2Freader"), asked.get());
            assertTrue(asked.get().contains("RoleSessionName=session-1"), asked.get());
            assertTrue(asked.get().contains("ExternalId=external-1"), asked.get());
        } finally {
            sts.stop(0);
        }
    }

    private static String whoSigns(Credentials credentials) throws Exception {
        try (ScriptedKinesis kinesis = new ScriptedKinesis();
                KinesisClient client = KinesisClients.create(kinesis.stream(credentials))) {
            client.listShards(request -> request.streamName("usage"));
            return kinesis.signedBy().get(0);
        }
    }
}
