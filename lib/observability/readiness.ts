import { isStopping } from './lifecycle';
import { logger } from './logger';
import { perProcess } from './shared';

/** @throws when the part cannot do its work now */
export type ReadinessCheck = () => Promise<void>;

export interface Readiness {
  readonly ready: boolean;
  /** `ok` or `failing`, by part; the reason is in the log, not in the answer. */
  readonly parts: Readonly<Record<string, 'ok' | 'failing'>>;
}

/** A part that has not answered within this many milliseconds is not ready. */
const limitMs = 2_000;

const checks = perProcess('readiness', () => new Map<string, ReadinessCheck>());

/** Add a part that must be well for the process to be ready. */
export function registerReadinessCheck(name: string, check: ReadinessCheck): void {
  checks.set(name, check);
}

async function passes(name: string, check: ReadinessCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([check(), limit]);
    return true;
  } catch (error) {
    logger.warn({ err: error, part: name }, 'A part is not ready');
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Ask every registered part. A process that nothing has registered with has not started, and one
 * that is stopping takes no new work: neither is ready.
 */
export async function readiness(): Promise<Readiness> {
  const results = await Promise.all(
    [...checks].map(async ([name, check]) => [name, await passes(name, check)] as const),
  );
  const parts = Object.fromEntries(results.map(([name, ok]) => [name, ok ? 'ok' : 'failing']));
  const ready = !isStopping() && results.length > 0 && results.every(([, ok]) => ok);
  return { ready, parts: parts as Readiness['parts'] };
}
