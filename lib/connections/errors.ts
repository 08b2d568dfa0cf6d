import type { ConnectionId, EffectId } from '@/db';
import { type ConnectionState, stateMeanings } from './contract';

/**
 * The connection's state does not allow calls: somebody has to act first. Trying again is of no use
 * until its state changes.
 */
export class ConnectionUnusable extends Error {
  override readonly name = 'ConnectionUnusable';

  constructor(
    readonly connectionId: ConnectionId,
    readonly state: ConnectionState,
    reason: string | null,
  ) {
    super(reason ?? stateMeanings[state]);
  }
}

/**
 * Nobody can tell whether the change was made at the provider. It is parked for a person and never
 * sent again by itself.
 */
export class EffectUnclear extends Error {
  override readonly name = 'EffectUnclear';

  constructor(readonly effectId: EffectId) {
    super('It is unclear whether the provider made this change. It was not sent again.');
  }
}
