package spillway.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;

/**
 * The SQL of flink-sql/throttle, for benches: its tables as they are, but for their connectors, and one detection or
 * several over them, each writing to a table of its own like {@code excess}.
 */
public final class ThrottleSql {

    /** Where flink-sql is. */
    private final Path folder;
    private final Map<String, String> parameters;
    private final Map<String, String> detections = new LinkedHashMap<>();
    private boolean setsAside;

    public ThrottleSql(Path folder, Map<String, String> parameters) {
        this.folder = folder;
        this.parameters = new HashMap<>(parameters);
        this.parameters.putIfAbsent("usage_stream", "arn:aws:kinesis:us-east-1:000000000000:stream/usage");
        this.parameters.putIfAbsent("excess_stream", "arn:aws:kinesis:us-east-1:000000000000:stream/excess");
        this.parameters.putIfAbsent("set_aside_stream", "arn:aws:kinesis:us-east-1:000000000000:stream/set-aside");
    }

    /** Also runs what sets entries aside. */
    public ThrottleSql settingAside() {
        setsAside = true;
        return this;
    }

    /** @param sink a table like {@code excess}, made for it */
    public ThrottleSql reference(String sink) {
        return reference(sink, "partition-heat");
    }

    /** @param sink a table like {@code excess}, made for it */
    public ThrottleSql reference(String sink, String name) {
        return detection(sink, text(folder.resolve("throttle/references/" + name + ".sql")));
    }

    /** @param sink a table like {@code excess}, made for it */
    public ThrottleSql function(String sink) {
        return function(sink, "partition-heat");
    }

    /** @param sink a table like {@code excess}, made for it */
    public ThrottleSql function(String sink, String name) {
        return detection(sink, text(folder.resolve("throttle/detections/" + name + ".sql")));
    }

    /**
     * All detections of the application.
     *
     * @param sink begins the names of their tables
     * @param asReferences whether a detection that has a reference is left to it
     */
    public ThrottleSql application(String sink, boolean asReferences) {
        Bundle whole = Bundle.ofFolder(folder.resolve("throttle"));
        whole.sql().forEach((file, sql) -> {
            if (file.startsWith("detections/")) {
                String name = file.substring("detections/".length());
                Path reference = folder.resolve("throttle/references").resolve(name);
                String own = asReferences && Files.exists(reference) ? text(reference) : sql;
                detection(sink + "_" + name.replace(".sql", "").replace('-', '_'), own);
            }
        });
        return this;
    }

    /** @param sql with {@code INSERT INTO excess} in it */
    public ThrottleSql detection(String sink, String sql) {
        detections.put(sink, sql.replace("INSERT INTO excess", "INSERT INTO " + sink));
        return this;
    }

    /**
     * @param source the options that take the place of the Kinesis connector's for usage
     * @param sink the same for everything that is written, with {@code {table}} where the table's name should stand
     */
    public StatementSet inserts(TableEnvironment environment, String source, String sink) {
        Map<String, String> files = new LinkedHashMap<>();
        Bundle whole = Bundle.ofFolder(folder.resolve("throttle"));
        whole.sql().forEach((file, text) -> {
            if (file.startsWith("tables/")) {
                files.put(file, setsAside ? text : withoutInserts(text));
            }
        });
        String views = "references/units-per-second.sql";
        if (detections.values().stream().anyMatch(sql -> sql.contains("units_per_second"))) {
            files.put(views, text(folder.resolve("throttle").resolve(views)));
        }
        detections.forEach((table, sql) -> files.put("detections/" + table + ".sql", sql));
        Map<String, Integer> lines = new HashMap<>();
        parameters.keySet().forEach(name -> lines.put(name, 1));
        RenderedApplication rendered = RenderedApplication.render(
                new Bundle(withUsedParameters(whole.applicationJson(), files), files),
                new ApplicationProperties("bench", parameters, lines));
        RenderedApplication swapped = new RenderedApplication(
                rendered.name(), rendered.settings(), swapped(rendered.statements(), source, sink));
        Submission.define(environment, swapped);
        return Submission.inserts(environment, swapped);
    }

    /** Flink looks for the connectors only when a view or an INSERT reads a table: until then they can be changed. */
    private List<RenderedStatement> swapped(List<RenderedStatement> statements, String source, String sink) {
        List<RenderedStatement> all = new ArrayList<>();
        List<RenderedStatement> afterTables = new ArrayList<>();
        afterTables.add(own("ALTER TABLE `usage` SET (" + source + ")"));
        for (String table : List.of("excess", "late", "malformed")) {
            afterTables.add(own("ALTER TABLE " + table + " SET (" + sink.replace("{table}", table) + ")"));
        }
        detections.keySet().forEach(table -> afterTables.add(own("CREATE TABLE " + table + " WITH (" + sink.replace("{table}", table) + ") LIKE excess (OVERWRITING OPTIONS)")));
        for (RenderedStatement statement : statements) {
            if (statement.kind().compareTo(Statement.Kind.CREATE_TABLE) > 0) {
                all.addAll(afterTables);
                afterTables.clear();
            }
            all.add(statement);
        }
        return all;
    }

    /** The parameters of detections that are left out would be unused, which is an error. */
    private static String withUsedParameters(String applicationJson, Map<String, String> files) {
        JsonNode application = JsonText.read("application.json", applicationJson).root();
        String sql = String.join("\n", files.values());
        Iterator<String> names = application.path("parameters").fieldNames();
        while (names.hasNext()) {
            if (!Pattern.compile("\\$\\{\\s*" + names.next() + "\\b").matcher(sql).find()) {
                names.remove();
            }
        }
        return application.toString();
    }

    private static RenderedStatement own(String sql) {
        return new RenderedStatement(Statement.Kind.CREATE_TABLE, "bench", 1, sql);
    }

    private static String withoutInserts(String sql) {
        int insert = sql.indexOf("INSERT INTO");
        return insert < 0 ? sql : sql.substring(0, insert);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
