package spillway.kinesis.source;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import spillway.kinesis.client.KinesisClients;
import spillway.kinesis.client.KinesisStream;

/** The one thread of a reader that speaks to Kinesis: reads whichever of its shards is due next. */
final class ShardFetcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShardFetcher.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final KinesisStream stream;
    private final SourceSettings settings;
    private final Handover handover;
    private final Object lock = new Object();
    private final List<ShardCursor> cursors = new ArrayList<>();
    private Thread thread;
    private boolean closed;

    ShardFetcher(KinesisStream stream, SourceSettings settings, Handover handover) {
        this.stream = stream;
        this.settings = settings;
        this.handover = handover;
    }

    /** Reads this shard too from now on, until its end. */
    void add(ShardSplit split) {
        synchronized (lock) {
            cursors.add(new ShardCursor(stream, split, settings));
            if (thread == null) {
                thread = new Thread(this::run, "kinesis-fetcher-" + stream.name());
                thread.setDaemon(true);
                thread.start();
            }
            lock.notifyAll();
        }
    }

    private void run() {
        try (KinesisClient client = KinesisClients.create(stream)) {
            for (ShardCursor cursor = nextDue(); cursor != null; cursor = nextDue()) {
                ShardReport report = cursor.read(client, System.currentTimeMillis());
                if (report instanceof ShardReport.Read read && read.endOfShard()) {
                    remove(cursor);
                }
                handover.put(report);
            }
        } catch (InterruptedException e) {
            LOG.debug("The fetcher of {} was told to stop", stream.arn());
        } catch (Throwable e) {
            if (!isClosed()) {
                handover.fail(e);
            }
        }
    }

    /** Waits until a shard is due; null when closed. */
    private ShardCursor nextDue() throws InterruptedException {
        synchronized (lock) {
            while (!closed) {
                ShardCursor next = cursors.stream().min(Comparator.comparingLong(ShardCursor::nextReadMs)).orElse(null);
                if (next == null) {
                    lock.wait();
                    continue;
                }
                long waitMs = next.nextReadMs() - System.currentTimeMillis();
                if (waitMs <= 0) {
                    return next;
                }
                lock.wait(waitMs);
            }
            return null;
        }
    }

    private void remove(ShardCursor cursor) {
        synchronized (lock) {
            cursors.remove(cursor);
        }
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    @Override
    public void close() throws InterruptedException {
        Thread running;
        synchronized (lock) {
            closed = true;
            running = thread;
            lock.notifyAll();
        }
        if (running != null) {
            running.interrupt();
            running.join(CLOSE_PATIENCE.toMillis());
        }
    }
}
