import { observation, storeQueryFigures } from '@/db';
import { logger, perProcess, registerHistogram } from '@/lib/observability';

/** Milliseconds between two writings of what queries took. */
const interval = 15_000;
/** Pairs of a query and a tenant in one writing; the rest is summed up. */
const most = 100;

interface Watch {
  timer: NodeJS.Timeout | undefined;
  writing: Promise<void> | undefined;
}

const watch = perProcess<Watch>('query-watch', () => ({ timer: undefined, writing: undefined }));

const messages = {
  slow: 'A statement was slow',
  'tenant-less': 'A statement does not say whose rows it means',
} as const;

/** One line per query and minute. The request's id, the tenant's and the run's come with the line. */
function logFinding(finding: observation.QueryFinding): void {
  const { kind, shape, tenantId, ms, waitedMs, rows, failed, repeats } = finding;
  const line = {
    fingerprint: shape.fingerprint,
    role: shape.role,
    // A key called `text` is taken for somebody's content.
    sql: shape.text,
    ms: Math.round(ms),
    waited_ms: Math.round(waitedMs),
    rows,
    failed,
    repeats,
    ...(tenantId && { tenant_id: tenantId }),
    ...(kind === 'tenant-less' && { tables: shape.unbound }),
  };
  logger.warn(line, messages[kind]);
}

/**
 * Write what queries took since the last time. What cannot be written is lost, and said to be: the
 * database that it is about may be what fails.
 */
export async function writeQueryFigures(): Promise<void> {
  const figures = observation.drainQueries(most);
  try {
    await storeQueryFigures(figures);
  } catch (error) {
    const lost = figures.reduce((sum, { count }) => sum + count, 0);
    logger.warn({ err: error, statements: lost }, 'What queries took could not be written down');
  }
}

function publishTimes(): void {
  registerHistogram(
    'tenantry_database_statement_duration_seconds',
    'Time from sending a statement to the server being ready again, by role',
    observation.bucketBounds.map((ms) => ms / 1_000),
    () =>
      observation.roleTimes().map(({ role, count, totalMs, buckets }) => ({
        labels: { role },
        count,
        sum: totalMs / 1_000,
        buckets,
      })),
  );
}

/** Begin to log slow and tenant-less statements, and to write down what all of them take. */
export function startQueryWatch(): void {
  observation.reportQueries(logFinding);
  publishTimes();
  watch.timer ??= setInterval(() => {
    // One at a time: a database that is slow is not asked for more.
    watch.writing ??= writeQueryFigures().finally(() => {
      watch.writing = undefined;
    });
  }, interval).unref();
}

/** Write down the rest and stop. */
export async function stopQueryWatch(): Promise<void> {
  clearInterval(watch.timer);
  watch.timer = undefined;
  await watch.writing;
  await writeQueryFigures();
}
