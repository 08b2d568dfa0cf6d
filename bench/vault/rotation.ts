import { withTenant } from '@/db';
import { loadCredential, storeRefreshed, takeLease } from '@/lib/connections/credentials';
import { keyStatus, rotateTenantKeys, rotateWrapping } from '@/lib/keys';
import { holdTestKeys, newTestKey } from '@/lib/vault/testing';
import type { Report } from '../bench';
import { quantile, rounded } from '../measure';
import { type Connected, tokens } from './installation';

/** Calls side by side while keys are exchanged. */
const CALLERS = 4;
/** One call in so many finds its token expired, and stores another. */
const REFRESH_EVERY = 10;

interface Calls {
  readonly times: number[];
  readonly failures: unknown[];
}

/** What every call of an automation does with its credential: open it, or store a fresh one. */
async function call({ tenant, connectionId }: Connected, at: number): Promise<void> {
  await withTenant(tenant, async (tx) => {
    const credential = await loadCredential(tx, tenant, connectionId);
    if (!credential?.accessToken.startsWith('ya29.')) throw new Error('no token');
    if (at % REFRESH_EVERY !== 0) return;
    const lease = await takeLease(tx, tenant, connectionId, credential);
    if (lease) await storeRefreshed(tx, tenant, connectionId, credential, tokens(at), lease);
  });
}

/** Call one connection after another until told to stop. */
function startCalls(connected: readonly Connected[]) {
  const calls: Calls = { times: [], failures: [] };
  let on = true;
  let next = 0;
  const caller = async () => {
    while (on) {
      const at = next;
      next += 1;
      const from = performance.now();
      const one = connected[(at * 7_919) % connected.length] as Connected;
      await call(one, at).catch((error: unknown) => calls.failures.push(error));
      calls.times.push(performance.now() - from);
    }
  };
  const callers = Array.from({ length: CALLERS }, caller);
  return async () => {
    on = false;
    await Promise.all(callers);
    return calls;
  };
}

/** Exchange the wrapping key and every organisation's key under calls, and say what they noticed. */
export async function measureRotation(
  connected: readonly Connected[],
  report: Report,
  former: ReturnType<typeof newTestKey>,
): Promise<void> {
  const size = connected.length.toLocaleString('en');
  const wanted = newTestKey();
  holdTestKeys(wanted, former);
  const stop = startCalls(connected);
  const from = performance.now();
  await rotateWrapping();
  const { resealed } = await rotateTenantKeys();
  const seconds = (performance.now() - from) / 1_000;
  const { times, failures } = await stop();
  const first = failures[0];
  if (first) console.error(first);
  const { sealedWithOlder } = await keyStatus();
  const left = Object.values(sealedWithOlder).reduce((sum, count) => sum + count, 0);
  const name = `exchange of all keys over ${size} credentials`;
  report({ name: `${name}: failed calls`, value: failures.length, unit: '', goal: { atMost: 0 } });
  report({ name: `${name}: calls meanwhile`, value: times.length, unit: '', goal: { atLeast: 1 } });
  report({ name: `${name}: left under old keys`, value: left, unit: '', goal: { atMost: 0 } });
  report({ name: `${name}: sealed anew`, value: rounded(resealed / seconds, 0), unit: '1/s' });
  report({ name: `${name}: a call, p99`, value: rounded(quantile(times, 0.99), 1), unit: 'ms' });
  // The former wrapping key is needed no more.
  holdTestKeys(wanted);
  await call(connected[0] as Connected, 1);
}
