import { Logger, run } from 'graphile-worker';
import { Client } from 'pg';

/** graphile-worker with a task that does nothing. */
export interface Peer {
  /** Milliseconds from handing in `count` jobs to the end of the last one. */
  time(count: number): Promise<number>;
  stop(): Promise<void>;
}

/**
 * @param localQueue jobs fetched ahead; 0 is its default, one query per job
 */
export async function startPeer(
  url: string,
  { concurrency, localQueue }: { concurrency: number; localQueue: number },
): Promise<Peer> {
  let left = 0;
  let finished = () => {};
  const runner = await run({
    connectionString: url,
    concurrency,
    maxPoolSize: concurrency,
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
    taskList: {
      nothing: async () => {
        left -= 1;
        if (left === 0) finished();
      },
    },
    ...(localQueue > 0 ? { preset: { worker: { localQueue: { size: localQueue } } } } : {}),
  });
  const client = new Client(url);
  await client.connect();
  return {
    async time(count) {
      left = count;
      const done = new Promise<void>((resolve) => {
        finished = resolve;
      });
      const start = performance.now();
      await client.query(
        `select count(*) from graphile_worker.add_jobs(array(
           select row('nothing', '{}'::json, null, null, null, null, null, null)::graphile_worker.job_spec
             from generate_series(1, $1)))`,
        [count],
      );
      await done;
      return performance.now() - start;
    },
    async stop() {
      await runner.stop();
      await client.end();
    },
  };
}
