import { timingSafeEqual } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { VaultError, type VaultFault } from '../errors';
import type { KeyEncryptionKey } from '../key-encryption-key';
import type { SealContext } from '../message';

/** What a key service said to a call, in the vault's terms. */
export interface ServiceAnswer {
  readonly fault: Extract<VaultFault, 'key_refused' | 'key_wrong' | 'key_service_unavailable'>;
  /** The service's own code for it. Never its message: that may quote what was sent. */
  readonly code: string;
}

/** One key service. Calls may throw anything; `explain` says what it means. */
export interface KeyService {
  /** What people call it. */
  readonly name: string;
  /** Whom to ask or what to do when it refuses, as a sentence. */
  readonly remedy: string;
  wrap(plaintext: Uint8Array, context: SealContext, signal: AbortSignal): Promise<string>;
  unwrap(wrapped: string, context: SealContext, signal: AbortSignal): Promise<Buffer>;
  explain(error: unknown): ServiceAnswer;
}

/** Milliseconds that one attempt may take. */
export const attemptLimit = 3_000;
/** Attempts in all, the second only after an answer that another may be better than. */
const attempts = 2;
/** Milliseconds between them, at least; up to as much again, so that processes spread out. */
const pause = 150;

/** What was bound to the key, the same text for the same context, whatever its order. */
export function canonical(context: SealContext): string {
  const sorted = Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted));
}

/** By its HTTP status alone, what an answer means that has no code of its own. */
export function byStatus(status: number | undefined, code: string): ServiceAnswer {
  if (status === undefined || status === 408 || status === 429 || status >= 500) {
    return { fault: 'key_service_unavailable', code };
  }
  return { fault: 'key_refused', code };
}

function refusal(id: string, { name, remedy }: KeyService, { fault, code }: ServiceAnswer) {
  switch (fault) {
    case 'key_wrong':
      return new VaultError(
        fault,
        `${name} says that this was not wrapped with ${id} for this purpose (${code}). Configure the key it was wrapped with; nothing was changed.`,
      );
    case 'key_refused':
      return new VaultError(fault, `${name} does not let us use ${id} (${code}). ${remedy}`);
    case 'key_service_unavailable':
      return new VaultError(
        fault,
        `${name} does not answer for ${id} (${code}). What is open stays open; the rest waits until it answers again.`,
      );
  }
}

async function attempt<T>(
  id: string,
  service: KeyService,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(attemptLimit);
  // A client library that does not listen to the signal must not keep its caller either.
  const late = new Promise<never>((_, reject) => {
    deadline.addEventListener('abort', () => reject(deadline.reason), { once: true });
  });
  try {
    return await Promise.race([call(deadline), late]);
  } catch (error) {
    if (error instanceof VaultError) throw error;
    const late = deadline.aborted;
    throw refusal(
      id,
      service,
      late
        ? { fault: 'key_service_unavailable', code: 'no answer in time' }
        : service.explain(error),
    );
  }
}

async function persistently<T>(
  id: string,
  service: KeyService,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let left = attempts - 1; ; left -= 1) {
    try {
      return await attempt(id, service, call);
    } catch (error) {
      const again = error instanceof VaultError && error.fault === 'key_service_unavailable';
      if (!again || left <= 0) throw error;
      await delay(pause + Math.random() * pause);
    }
  }
}

/**
 * A key that lies in a key service and never leaves it. What was wrapped is unwrapped once before it
 * is given out: damage on the way, or a right to wrap without one to unwrap, would show too late.
 * @param id names the key in the database
 */
export function remoteKey(id: string, service: KeyService): KeyEncryptionKey {
  const unwrap = (wrapped: string, context: SealContext) =>
    persistently(id, service, (signal) => service.unwrap(wrapped, context, signal));
  return Object.freeze({
    id,
    async wrap(plaintext: Uint8Array, context: SealContext) {
      const wrapped = await persistently(id, service, (signal) =>
        service.wrap(plaintext, context, signal),
      );
      const back = await unwrap(wrapped, context);
      if (back.length === plaintext.length && timingSafeEqual(back, plaintext)) return wrapped;
      throw new VaultError(
        'key_wrong',
        `${service.name} did not give back what was wrapped with ${id}. Nothing was kept.`,
      );
    },
    unwrap,
  });
}
