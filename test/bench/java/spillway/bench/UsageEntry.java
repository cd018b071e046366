package spillway.bench;

/** One entry of a usage record. */
record UsageEntry(String resource, String key, String subject, long units) {}
