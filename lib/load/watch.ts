import { load } from '@/db';
import { logger, perProcess, takeTally } from '@/lib/observability';

/** Milliseconds between two writings of what this process answered. */
const interval = 15_000;

interface Watch {
  timer: NodeJS.Timeout | undefined;
  writing: Promise<void> | undefined;
  sampledIn: number;
}

const watch = perProcess<Watch>('load-watch', () => ({
  timer: undefined,
  writing: undefined,
  sampledIn: 0,
}));

/**
 * Write what this process answered, and once a minute how the queue stands. By a timer of each process
 * and not by a background function: a queue that stands still could not say so itself.
 */
export async function writeLoad(): Promise<void> {
  const tally = takeTally();
  try {
    if (tally.requests > 0) await load.addRequests(tally);
    const minute = Math.floor(Date.now() / 60_000);
    if (minute === watch.sampledIn) return;
    await load.sampleLoad();
    watch.sampledIn = minute;
  } catch (error) {
    const { requests } = tally;
    logger.warn({ err: error, requests }, 'The load of this minute could not be written down');
  }
}

/** Begin to write down the load. */
export function startLoadWatch(): void {
  watch.timer ??= setInterval(() => {
    // One at a time: a database that is slow is not asked for more.
    watch.writing ??= writeLoad().finally(() => {
      watch.writing = undefined;
    });
  }, interval).unref();
}

/** Write down the rest and stop. */
export async function stopLoadWatch(): Promise<void> {
  clearInterval(watch.timer);
  watch.timer = undefined;
  await watch.writing;
  await writeLoad();
}
