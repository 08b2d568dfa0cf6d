import { type ConnectionId, deletions } from '@/db';
import type { Revocation } from '@/db/schema';
import { type GivenBack, giveBack, heldConnections } from '@/lib/connections';
import { closingContext } from '../context';
import { StageWaits } from './waits';

/** Attempts at a provider that is out of reach; with the pauses between them, for about half an hour. */
export const mostAttempts = 6;
/** Seconds before the second attempt; doubles with each, up to an hour. */
const pauseSeconds = 60;
const longestPause = 3_600;

const noted = (
  connectionId: ConnectionId,
  { provider, authority, revoked, because }: GivenBack,
  attempts: number,
): Revocation => ({
  ...{ connectionId, provider, authority, revoked, attempts },
  ...(because ? { because } : {}),
});

/**
 * Give back what the tenant's connections were granted, each by itself and noted when it is through.
 * A provider that is out of reach is asked again; after so many times it is noted why not, and the
 * deletion goes on.
 * @throws StageWaits when something is to be tried again
 */
export async function revoke({ id, tenantId, attempts, revocations }: deletions.DeletionRow) {
  const context = closingContext({ id, tenantId });
  const done = new Map(revocations.map((one) => [one.connectionId, one]));
  const last = attempts + 1 >= mostAttempts;
  let waiting: string | undefined;
  for (const connectionId of await heldConnections(context)) {
    const given = await giveBack(context, connectionId, { last });
    if (given.again) {
      waiting = given.because;
      continue;
    }
    done.set(connectionId, noted(connectionId, given, attempts + 1));
    await deletions.noteDeletion(id, 'revoking', { revocations: [...done.values()] });
  }
  if (waiting === undefined) return;
  throw new StageWaits(Math.min(pauseSeconds * 2 ** attempts, longestPause), waiting);
}
