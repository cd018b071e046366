package spillway.kinesis.bench;

import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/** The job of the connector's bench: runs its arguments as SQL statements, an INSERT last. */
public final class RunStatements {

    private RunStatements() {}

    public static void main(String[] statements) {
        TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        environment.getConfig().set("table.local-time-zone", "UTC");
        for (String statement : statements) {
            environment.executeSql(statement);
        }
    }
}
