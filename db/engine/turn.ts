import { type ClaimedRun, type ClaimRequest, claimRuns, withSteps } from './claim';
import { beginTurn } from './locks';
import { type Routing, routeEvents } from './route';
import { type EngineStore, inTransaction } from './store';

export interface Turn {
  /** How many events were turned into runs. */
  readonly events: number;
  readonly runs: readonly ClaimedRun[];
  /** Where the next claim is to go on; undefined when no lane was left out. */
  readonly next: string | undefined;
}

/**
 * Have the queue to oneself for a moment: turn events into runs, and claim what is due. Both in one
 * transaction, since a lone event should not wait for two.
 */
export async function takeTurn(
  store: EngineStore,
  wanted: { readonly routing?: Routing | undefined; readonly claim?: ClaimRequest | undefined },
): Promise<Turn> {
  const { events, held } = await inTransaction(store, beginTurn, async (client) => ({
    events: wanted.routing ? await routeEvents(client, wanted.routing) : 0,
    held: wanted.claim ? await claimRuns(client, wanted.claim) : { runs: [], next: undefined },
  }));
  return { events, runs: await withSteps(store, held.runs), next: held.next };
}
