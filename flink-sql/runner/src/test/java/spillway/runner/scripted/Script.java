package spillway.runner.scripted;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What the scripted source delivers and the collecting sinks took, by the name of a run: Flink creates both from
 * texts, and its tasks run in this JVM.
 */
public final class Script {

    private static final Map<String, List<Delivery>> DELIVERIES = new ConcurrentHashMap<>();
    private static final Map<String, Queue<String>> COLLECTED = new ConcurrentHashMap<>();

    private Script() {}

    public static void deliver(String run, List<Delivery> deliveries) {
        DELIVERIES.put(run, List.copyOf(deliveries));
    }

    static List<Delivery> deliveries(String run) {
        return DELIVERIES.get(run);
    }

    static void collect(String run, String table, String json) {
        COLLECTED.computeIfAbsent(run + "/" + table, key -> new ConcurrentLinkedQueue<>()).add(json);
    }

    /** The JSON texts written so far, by table, in no order; they are forgotten here. */
    public static Map<String, List<String>> take(String run) {
        Map<String, List<String>> tables = new TreeMap<>();
        COLLECTED.keySet().stream().filter(name -> name.startsWith(run + "/")).toList().forEach(name ->
                tables.put(name.substring(run.length() + 1), List.copyOf(COLLECTED.remove(name))));
        return tables;
    }

    /** The JSON texts written to a table so far, in no order. */
    public static List<String> collected(String run, String table) {
        return List.copyOf(COLLECTED.getOrDefault(run + "/" + table, new ConcurrentLinkedQueue<>()));
    }
}
