import { perProcess } from './shared';

interface Lifecycle {
  stopping: boolean;
  readonly hooks: Set<() => Promise<void>>;
}

/** Also read, under the same name, by the server's launcher `cli/web.mjs`. */
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
