package spillway.runner.backtest;

import spillway.runner.scripted.CollectingSinkFactory;

/** Stands in for the Kinesis sink in a backtest: what would have been sent goes to a file, and nowhere else. */
public final class FilingTableFactory extends CollectingSinkFactory {

    @Override
    public String factoryIdentifier() {
        return "filing";
    }

    @Override
    protected Taker taker() {
        return (run, table, json) -> RunFiles.of(run).write(table, json);
    }
}
