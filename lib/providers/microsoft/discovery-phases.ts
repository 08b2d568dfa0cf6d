import type { DiscoveredChange, DiscoveryPhase } from '../contract';
import type { DiscoveryOptions } from '../provider';

export type Batches = AsyncGenerator<readonly DiscoveredChange[], void>;

/** Somebody in an organisation. */
export interface Person {
  readonly id: string;
  /** Where their mail goes; null where there is no mailbox to look for. */
  readonly address: string | null;
}

/** Go through phases in their order, saying how far it is. */
export async function* goThrough<Phase extends DiscoveryPhase>(
  batchesOf: Readonly<Record<Phase, () => Batches>>,
  phases: readonly Phase[],
  { only = phases, report = () => {} }: DiscoveryOptions,
): Batches {
  for (const phase of phases.filter((one) => only.includes(one))) {
    let found = 0;
    for await (const batch of batchesOf[phase]()) {
      if (batch.length === 0) continue;
      yield batch;
      found += batch.length;
      await report({ phase, found, total: null, done: false });
    }
    await report({ phase, found, total: found, done: true });
  }
}
