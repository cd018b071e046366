package spillway.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import spillway.bench.HeatTruth.At;
import spillway.bench.HeatTruth.Excess;
import spillway.bench.HeatTruth.Owner;
import spillway.runner.ThrottleSql;

/**
 * Runs the references and the functions over seeded traces and compares what they state with the truth. Prints one JSON
 * object a trace: {@code Exactness FLINK_SQL WORK_FOLDER FIRST_SEED SEEDS}.
 */
public final class Exactness {

    private static final long LIMIT = 150;
    /** Percent of a shared key's heat. */
    private static final long SHARE = 10;
    private static final Map<String, Long> LIMITS = Map.of("users", 250L);

    private final Path flinkSql;
    private final BenchCluster cluster;

    private Exactness(Path flinkSql, BenchCluster cluster) {
        this.flinkSql = flinkSql;
        this.cluster = cluster;
    }

    public static void main(String[] arguments) throws Exception {
        long first = Long.parseLong(arguments[2]);
        try (BenchCluster cluster = new BenchCluster(Path.of(arguments[1]))) {
            Exactness exactness = new Exactness(Path.of(arguments[0]), cluster);
            for (long seed = first; seed < first + Long.parseLong(arguments[3]); seed++) {
                System.out.println(Json.of(exactness.run(new Trace(seed))));
            }
        }
    }

    private Map<String, Object> run(Trace trace) throws Exception {
        String run = "trace-" + trace.seed;
        String disturbance = List.of("none", "task manager lost", "restored at another parallelism").get((int) (trace.seed % 3));
        long startedMs = System.currentTimeMillis();
        trace.register(run);
        switch (disturbance) {
            case "task manager lost" -> withTaskManagerLost(trace, run);
            case "restored at another parallelism" -> withOtherParallelism(trace, run);
            default -> finish(submit(trace, run, 2, null));
        }
        Feed.forget(run);
        Map<String, Object> result = new HashMap<>();
        result.put("seed", trace.seed);
        result.put("keys", trace.zipf ? "zipf" : "uniform");
        result.put("delaySeconds", trace.delaySeconds);
        result.put("windowSeconds", trace.windowSeconds);
        result.put("disturbance", disturbance);
        result.put("openSeconds", trace.openSeconds());
        compare(trace, run, result);
        result.put("wallMs", System.currentTimeMillis() - startedMs);
        return result;
    }

    private JobClient submit(Trace trace, String run, int parallelism, String restoreFrom) {
        StreamTableEnvironment environment = cluster.environment(parallelism, restoreFrom);
        String limits = LIMITS.entrySet().stream().map(limit -> "\"" + limit.getKey() + "\":" + limit.getValue())
                .collect(Collectors.joining(",", "{", "}"));
        return new ThrottleSql(flinkSql, Map.of("limit", String.valueOf(LIMIT), "limits", limits,
                        "share", String.valueOf(SHARE), "window", trace.windowSeconds + "s", "delay", trace.delaySeconds + "s"))
                .settingAside()
                .reference("excess_of_reference")
                .function("excess_of_function")
                .reference("shared_key_of_reference", "shared-key")
                .function("shared_key_of_function", "shared-key")
                .inserts(environment, "'connector' = 'feed', 'run' = '" + run + "'", "'connector' = 'keeping', 'run' = '" + run + "'")
                .execute()
                .getJobClient()
                .orElseThrow();
    }

    private static void finish(JobClient job) throws Exception {
        job.getJobExecutionResult().get(300, TimeUnit.SECONDS);
    }

    /** After a checkpoint the job goes on for a while, so that what it stated then it states again. */
    private void withTaskManagerLost(Trace trace, String run) throws Exception {
        Feed.Gate checkpoint = trace.gateBefore(trace.size() / 2);
        Feed.Gate loss = trace.gateBefore(trace.size() * 6 / 10);
        JobClient job = submit(trace, run, 2, null);
        cluster.await(job.getJobID(), checkpoint);
        cluster.checkpoint(job.getJobID());
        checkpoint.open();
        cluster.await(job.getJobID(), loss);
        cluster.loseTaskManager();
        loss.open();
        finish(job);
    }

    private void withOtherParallelism(Trace trace, String run) throws Exception {
        Feed.Gate savepoint = trace.gateBefore(trace.size() / 2);
        Feed.Gate end = trace.gateBefore(trace.size() * 6 / 10);
        JobID job = submit(trace, run, 2, null).getJobID();
        cluster.await(job, savepoint);
        String path = cluster.savepoint(job, SavepointFormatType.CANONICAL);
        savepoint.open();
        cluster.await(job, end);
        cluster.cancel(job);
        end.open();
        finish(submit(trace, run, 3, path));
    }

    private void compare(Trace trace, String run, Map<String, Object> result) {
        HeatTruth counted = new HeatTruth();
        HeatTruth all = new HeatTruth();
        HeatTruth cutAnew = new HeatTruth();
        Set<String> late = new HashSet<>();
        long watermarkMs = Long.MIN_VALUE;
        long entries = 0;
        for (int index = 0; index < trace.deliveries.size(); index++) {
            Trace.Delivery delivery = trace.deliveries.get(index);
            UsageRecord record = delivery.record();
            for (UsageEntry entry : record.entries()) {
                entries++;
                boolean isLate = watermarkMs >= record.second() * 1000 + 999;
                if (isLate) {
                    late.add(String.join(" ", record.batch(), entry.resource(), entry.key(), entry.subject()));
                } else {
                    counted.add(record, entry);
                    if (delivery.again()) {
                        cutAnew.add(record, entry);
                    }
                }
                if (!delivery.again()) {
                    all.add(record, entry);
                }
            }
            watermarkMs = trace.watermarkAfter(index);
        }
        counted.judge(trace.windowSeconds, LIMIT, LIMITS);
        all.judge(trace.windowSeconds, LIMIT, LIMITS);
        result.put("entries", entries);
        result.put("excesses", counted.excesses.size());
        result.put("lateEntries", late.size());
        Set<String> setAside = KeepingTableFactory.take(run, "late").stream().map(Exactness::lateEntry).collect(Collectors.toSet());
        result.put("lateNotSetAside", minus(late, setAside).size());
        result.put("setAsideNotLate", minus(setAside, late).size());
        result.put("excessesOnlyWithLate", minus(ids(all.excesses), ids(counted.excesses)).size());
        List<Excess> reference = excesses(KeepingTableFactory.take(run, "excess_of_reference"));
        List<Excess> function = excesses(KeepingTableFactory.take(run, "excess_of_function"));
        result.put("reference", compare(counted.excesses, reference, counted, trace, false));
        result.put("function", compare(counted.excesses, function, counted, trace, true));
        overCount(trace, counted, all, cutAnew, function, result);
        SharedTruth shared = new SharedTruth(counted.bySecond(), trace.windowSeconds, SHARE, LIMIT, LIMITS);
        for (String by : List.of("Reference", "Function")) {
            List<SharedTruth.Named> stated = KeepingTableFactory.take(run, "shared_key_of_" + by.toLowerCase(Locale.ROOT)).stream()
                    .map(SharedTruth.Named::of).toList();
            result.put("sharedKey" + by, shared.compare(stated, trace.openSeconds(), by.equals("Function")));
        }
    }

    /** What a batch that was cut anew adds, beside its named bound: the units that came twice inside the window. */
    private static void overCount(
            Trace trace, HeatTruth counted, HeatTruth all, HeatTruth cutAnew, List<Excess> stated, Map<String, Object> result) {
        long over = 0;
        long beyond = 0;
        for (Excess excess : new LinkedHashSet<>(stated)) {
            At at = counted.at(excess.owner(), excess.windowEnd() - 1);
            boolean closing = at != null && at.units() == excess.units();
            long twice = cutAnew.unitsUntil(excess.owner(), excess.windowEnd() - 1, trace.windowSeconds);
            long truth = all.unitsUntil(excess.owner(), excess.windowEnd() - 1, trace.windowSeconds);
            if (closing && twice > 0) {
                over += excess.units() > truth ? 1 : 0;
            }
            beyond += excess.units() - truth > twice ? 1 : 0;
        }
        result.put("excessesCountedOver", over);
        result.put("countedOverBeyondBound", beyond);
    }

    private static Map<String, Object> compare(
            List<Excess> truth, List<Excess> stated, HeatTruth heat, Trace trace, boolean mayBeEarly) {
        Set<Excess> statedOnce = new LinkedHashSet<>(stated);
        Set<String> statedIds = ids(stated);
        long missed = truth.stream().filter(excess -> !statedIds.contains(id(excess))).count();
        long wrong = truth.stream().filter(excess -> statedIds.contains(id(excess)) && !statedOnce.contains(excess)).count();
        Set<Excess> rest = new LinkedHashSet<>(statedOnce);
        truth.forEach(rest::remove);
        long early = 0;
        List<String> falses = new ArrayList<>();
        for (Excess excess : rest) {
            At at = heat.at(excess.owner(), excess.windowEnd() - 1);
            boolean holds = at != null && at.hot() && excess.units() > excess.limit() && excess.units() <= at.units()
                    && excess.peak() <= at.peak() && excess.active() <= at.active();
            if (mayBeEarly && holds) {
                early++;
            } else {
                falses.add(excess + " truth " + at);
            }
        }
        // The first word about each run of seconds above the limit, in the order of speaking.
        Map<String, Long> firstWord = new HashMap<>();
        long lateStarts = 0;
        long maxStart = 0;
        for (Excess excess : stated) {
            At at = heat.at(excess.owner(), excess.windowEnd() - 1);
            if (at != null && at.hot() && firstWord.putIfAbsent(excess.owner() + "/" + at.runStart(), excess.windowEnd()) == null) {
                long start = excess.windowEnd() - 1 - at.runStart();
                maxStart = Math.max(maxStart, start);
                lateStarts += start > trace.openSeconds() ? 1 : 0;
            }
        }
        Map<String, Object> result = new HashMap<>();
        result.put("missed", missed);
        result.put("wrong", wrong);
        result.put("false", falses.size());
        result.put("early", early);
        result.put("episodesStartedBeyondLateness", lateStarts);
        result.put("maxStartSeconds", maxStart);
        result.put("examples", falses.stream().limit(3).toList());
        return result;
    }

    private static List<Excess> excesses(List<Row> rows) {
        return rows.stream()
                .map(row -> new Excess(
                        new Owner((String) row.getField("resource"), (String) row.getField("key"), (String) row.getField("subject")),
                        (Long) row.getField("windowEnd"), (Long) row.getField("units"), (Long) row.getField("limit"),
                        (Long) row.getField("peakSecondUnits"), (Long) row.getField("activeSeconds")))
                .toList();
    }

    private static String lateEntry(Row row) {
        java.util.regex.Matcher matcher = java.util.regex.Pattern.compile("\"(batch|resource|key|subject)\":\"([^\"]*)\"")
                .matcher((String) row.getField("record"));
        Map<String, String> fields = new HashMap<>();
        while (matcher.find()) {
            fields.put(matcher.group(1), matcher.group(2));
        }
        return String.join(" ", fields.get("batch"), fields.get("resource"), fields.get("key"), fields.get("subject"));
    }

    private static Set<String> ids(List<Excess> excesses) {
        return excesses.stream().map(Exactness::id).collect(Collectors.toSet());
    }

    private static String id(Excess excess) {
        return excess.owner() + "@" + excess.windowEnd();
    }

    private static Set<String> minus(Set<String> from, Set<String> taken) {
        Set<String> rest = new HashSet<>(from);
        rest.removeAll(taken);
        return rest;
    }
}
