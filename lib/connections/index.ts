export type { CallScope } from './calls';
export { providerClient } from './client';
export type { EffectRequest, EffectResult } from './effect-ledger';
export {
  type Effect,
  performEffect,
  type Reconcile,
  type Reconciliation,
} from './effects';
export { ConnectionUnusable, EffectUnclear } from './errors';
export { nextState, type Signal, type SignalType, signalOf, transition } from './states';
