import { appFaults } from '@/db';
import type { AppFaultArea } from '@/db/schema';
import { RetryLater } from '@/lib/limits';
import { perProcess } from '@/lib/observability';
import { type ProviderKey, providerNames } from '@/lib/providers';
import type { AppFaultView } from './contract';

/** Seconds until the first call tries whether a fault is over; doubles with each further one. */
export const firstProbeSeconds = 15;
/** Seconds between two such calls at most: a fault that is over holds nobody up for longer. */
export const mostProbeSeconds = 60;
/** Milliseconds that a process goes by what it has read: a fault of others is heard of so late. */
const readAgainMs = 2_000;

interface Known {
  faults: Promise<readonly appFaults.OpenFault[]> | undefined;
  until: number;
}
const known = perProcess<Known>('app-faults', () => ({ faults: undefined, until: 0 }));

/** Have the next question read again. */
export function forgetFaults(): void {
  known.faults = undefined;
}

/** The faults that are open, as of at most two seconds ago. */
export function readFaults(): Promise<readonly appFaults.OpenFault[]> {
  if (!known.faults || known.until < Date.now()) {
    known.until = Date.now() + readAgainMs;
    const reading = appFaults.openFaults();
    known.faults = reading;
    reading.catch(() => {
      if (known.faults === reading) forgetFaults();
    });
  }
  return known.faults;
}

/** Whether a call may go ahead, and whether it is the one that tries if a fault is over. */
export type Passage = { readonly probes: AppFaultArea } | null;

/** Put off until a provider takes our own client again; nobody's connection is at fault. */
export function pausedFor(provider: ProviderKey, probeIn: number): RetryLater {
  // Spread, so that not everybody comes back at the same moment.
  const seconds = Math.ceil(Math.max(probeIn, 1) + 5 + Math.random() * 10);
  const name = providerNames[provider];
  return new RetryLater(
    seconds,
    `${name} does not let Tenantry in at the moment. Your connection is fine, and we are on it`,
  );
}

/**
 * To be passed before a provider is called: while it refuses our own client, one call at a time may
 * try, and all others are put off.
 * @returns null when all is well; otherwise what this call, the one whose turn it is, is to try
 * @throws RetryLater while it is not this call's turn
 */
export async function passGate(provider: ProviderKey): Promise<Passage> {
  const fault = (await readFaults()).find((one) => one.provider === provider);
  if (!fault) return null;
  const turn = await appFaults.takeProbe(provider, firstProbeSeconds, mostProbeSeconds);
  if (turn) return { probes: turn.area };
  // Not our turn, or over since: what is known here may be two seconds old.
  forgetFaults();
  const now = (await readFaults()).find((one) => one.provider === provider);
  if (!now) return null;
  throw pausedFor(provider, now.probeIn);
}

/** Providers that refuse our own client, as customers are told. */
export async function listAppFaults(): Promise<readonly AppFaultView[]> {
  return (await readFaults()).map(({ provider, since }) => ({
    provider,
    since: since.toISOString(),
  }));
}
