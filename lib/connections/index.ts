export {
  browseCalls,
  describeScopes,
  listConnections,
  listWays,
  readConnection,
} from './browse';
export type { CallScope } from './calls';
export { providerClient } from './client';
export { type ConsentAnswer, type FinishedConsent, finishConsent } from './consent-finish';
export { type ConsentCookie, type StartedConsent, startConsent } from './consent-start';
export * from './contract';
export { disconnect } from './disconnect';
export { discoverAgain } from './discovery-request';
export type { EffectRequest, EffectResult } from './effect-ledger';
export {
  type Effect,
  performEffect,
  type Reconcile,
  type Reconciliation,
} from './effects';
export { ConnectionUnusable, EffectUnclear } from './errors';
export { connectionFunctions } from './functions';
export { browseResources, readResource } from './resources';
