package spillway.runner.scripted;

import java.util.List;
import java.util.Map;
import java.util.Queue;
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

    /** The JSON texts written to a table so far, in no order. */
    public static List<String> collected(String run, String table) {
        return List.copyOf(COLLECTED.getOrDefault(run + "/" + table, new ConcurrentLinkedQueue<>()));
    }
}
