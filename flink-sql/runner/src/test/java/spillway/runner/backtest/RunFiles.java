package spillway.runner.backtest;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of one run: what its source reads and what its sinks write. It lies in a map by the name of the run: Flink
 * makes both from texts, and its tasks run in this JVM.
 */
final class RunFiles implements AutoCloseable {

    private static final Map<String, RunFiles> RUNS = new ConcurrentHashMap<>();

    private final String run;
    private final Path records;
    private final Path folder;
    private final long mostRows;
    private final Map<String, BufferedWriter> tables = new HashMap<>();
    private long rows;

    /**
     * @param records usage records as {@link ArchiveSource} reads them
     * @param folder takes a file of JSON lines for each table
     * @param mostRows of all tables; one more fails the run
     */
    RunFiles(String run, Path records, Path folder, long mostRows) throws IOException {
        this.run = run;
        this.records = records;
        this.folder = Files.createDirectories(folder);
        this.mostRows = mostRows;
        RUNS.put(run, this);
    }

    static RunFiles of(String run) {
        return RUNS.get(run);
    }

    Path records() {
        return records;
    }

    synchronized void write(String table, String json) throws IOException {
        if (++rows > mostRows) {
            throw new IOException("more than " + mostRows + " rows came out: take a shorter span or a higher limit");
        }
        BufferedWriter writer = tables.get(table);
        if (writer == null) {
            writer = Files.newBufferedWriter(folder.resolve(table + ".jsonl"));
            tables.put(table, writer);
        }
        writer.write(json);
        writer.write('\n');
    }

    @Override
    public synchronized void close() throws IOException {
        RUNS.remove(run);
        for (BufferedWriter writer : tables.values()) {
            writer.close();
        }
    }
}
