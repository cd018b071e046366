package spillway.runner.scripted;

import java.io.Serializable;

/** One record as the usage stream delivers it: its text, and when it arrived there in epoch milliseconds. */
public record Delivery(String text, long arrivalMs) implements Serializable {}
