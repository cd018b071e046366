package spillway.runner;

import java.util.ArrayList;
import java.util.List;

/** Deliveries told apart by whether their second was still open, worked out by walking through them. */
record Lateness(List<UsageRecord> onTime, List<UsageRecord> late) {

    static Lateness of(List<UsageRecord> deliveries, long delaySeconds) {
        List<UsageRecord> onTime = new ArrayList<>();
        List<UsageRecord> late = new ArrayList<>();
        long newest = Long.MIN_VALUE / 2_000;
        for (UsageRecord record : deliveries) {
            boolean closed = (newest - delaySeconds) * 1000 >= record.second() * 1000 + 999;
            (closed ? late : onTime).add(record);
            newest = Math.max(newest, record.second());
        }
        return new Lateness(onTime, late);
    }
}
