import { AsyncLocalStorage } from 'node:async_hooks';
import { perProcess } from '@/lib/observability';

const held = perProcess('held-work', () => new AsyncLocalStorage<AbortSignal>());

/**
 * Carry out a function's work for as long as this process holds its run.
 * @param lost aborted when it holds it no longer, with the error to throw as its reason
 */
export function whileHeld<Result>(lost: AbortSignal, work: () => Result): Result {
  return held.run(lost, work);
}

/**
 * Aborted when the work at hand is this process's no longer: what it does since counts for nothing,
 * and another attempt will be made. For whatever can be broken off halfway.
 * @returns undefined outside of background work, and on Inngest
 */
export function lossSignal(): AbortSignal | undefined {
  return held.getStore();
}

/** @throws LostRunError when the work at hand is this process's no longer */
export function stopIfLost(): void {
  lossSignal()?.throwIfAborted();
}
