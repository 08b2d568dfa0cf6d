import { perProcess } from './shared';

interface Lifecycle {
  stopping: boolean;
  readonly hooks: Set<() => Promise<void>>;
  /**
   * Set by `cli/web.mjs`, which waits for it before it takes requests: without an error the process
   * can serve, with one it ends in one sentence.
   */
  readonly began?: (error?: Error) => void;
}

/** Also used, under the same name, by the server's launcher `cli/web.mjs`. */
const lifecycle = perProcess<Lifecycle>('lifecycle', () => ({ stopping: false, hooks: new Set() }));

/** Whether the process has been asked to stop; from then on it is not ready. */
export function isStopping(): boolean {
  return lifecycle.stopping;
}

export function markStopping(): void {
  lifecycle.stopping = true;
}

/** Run `hook` when the process is asked to stop, before it exits; it has a few seconds. */
export function onStop(hook: () => Promise<void>): void {
  lifecycle.hooks.add(hook);
}

/** Tell the launcher that the process can serve. */
export function reportStart(): void {
  lifecycle.began?.();
}

/**
 * Say that the process cannot serve. The framework would go on and answer every request with an
 * error; the launcher ends the process instead. Without a launcher the error is thrown on.
 */
export function failStart(error: unknown): void {
  if (!lifecycle.began) throw error;
  lifecycle.began(error instanceof Error ? error : new Error(String(error)));
}
