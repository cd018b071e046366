package spillway.runner.backtest;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.functions.source.legacy.SourceFunction;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.table.data.RowData;
import spillway.kinesis.source.RecordDecoder;
import spillway.kinesis.source.ScriptedReader;
import spillway.kinesis.source.ScriptedReader.Scripted;
import spillway.kinesis.source.SourceSettings;

/**
 * Reads usage records in the order of their seconds, as the connector would read one shard on which each record comes a
 * second after its own: none is ever late. Then it ends, which closes every second.
 *
 * <p>A line of the file is the record's epoch second, a space, and the record as JSON.
 */
final class ArchiveSource implements SourceFunction<RowData> {

    private static final long serialVersionUID = 1L;
    private static final String SHARD = "archive";
    private static final int RECORDS_PER_READ = 500;

    private final String run;
    private final RecordDecoder decoder;
    private final WatermarkStrategy<RowData> watermarks;
    private final SourceSettings settings;
    private volatile boolean running = true;

    ArchiveSource(String run, RecordDecoder decoder, WatermarkStrategy<RowData> watermarks, SourceSettings settings) {
        this.run = run;
        this.decoder = decoder;
        this.watermarks = watermarks;
        this.settings = settings;
    }

    @Override
    public void run(SourceContext<RowData> context) throws Exception {
        try (BufferedReader lines = Files.newBufferedReader(RunFiles.of(run).records())) {
            List<Scripted> next = read(lines);
            if (next.isEmpty()) {
                return;
            }
            ScriptedReader reader = new ScriptedReader(
                    decoder,
                    watermarks,
                    settings,
                    List.of(SHARD),
                    ScriptedReader.Progress.at(next.get(0).readMs() - 1_000),
                    output(context));
            for (; running && !next.isEmpty(); next = read(lines)) {
                synchronized (context.getCheckpointLock()) {
                    reader.read(next);
                }
            }
        }
    }

    private static List<Scripted> read(BufferedReader lines) throws IOException {
        List<Scripted> records = new ArrayList<>();
        while (records.size() < RECORDS_PER_READ) {
            String line = lines.readLine();
            if (line == null) {
                break;
            }
            int space = line.indexOf(' ');
            long arrivalMs = (Long.parseLong(line.substring(0, space)) + 1) * 1_000;
            byte[] data = line.substring(space + 1).getBytes(StandardCharsets.UTF_8);
            records.add(new Scripted(SHARD, arrivalMs, arrivalMs, data));
        }
        return records;
    }

    @Override
    public void cancel() {
        running = false;
    }

    private static ScriptedReader.Output output(SourceContext<RowData> context) {
        return new ScriptedReader.Output() {
            @Override
            public void row(RowData row, long arrivalMs) {
                context.collectWithTimestamp(row, arrivalMs);
            }

            @Override
            public void watermark(long watermarkMs) {
                context.emitWatermark(new Watermark(watermarkMs));
            }
        };
    }
}
