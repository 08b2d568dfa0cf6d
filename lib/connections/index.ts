export {
  browseCalls,
  describeScopes,
  listConnections,
  listWays,
  readConnection,
  waitingAutomations,
} from './browse';
export type { CallScope } from './calls';
export { providerClient } from './client';
export type { ConsentAnswer, ContinuedConsent, FinishedConsent } from './consent-answer';
export { finishConsent } from './consent-finish';
export { connectWithKey, connectWithKeyByLink, type GivenKey } from './consent-key';
export { beginByLink, linkParty, requireOpenLink, viewConsentLink } from './consent-link-open';
export {
  createConsentLink,
  handOverConsent,
  type NewConsentLink,
  revokeCampaignLinks,
  withdrawConsentLink,
} from './consent-links';
export { type ConsentParty, memberParty } from './consent-party';
export { purgeConsents } from './consent-purge';
export { type ConsentCookie, linkTokenIn } from './consent-secrets';
export { type ConsentWish, type StartedConsent, startConsent } from './consent-start';
export * from './contract';
export { disconnect } from './disconnect';
export { discoverAgain, requestDiscovery } from './discovery-request';
export { type EffectRequest, type EffectResult, leaveUnclear } from './effect-ledger';
export {
  type Effect,
  performEffect,
  type Reconcile,
  type Reconciliation,
} from './effects';
export { ConnectionUnusable, EffectUnclear } from './errors';
export { connectionFunctions } from './functions';
export { type GivenBack, giveBack, heldConnections } from './give-back';
export { listIncidents } from './incidents/read';
export { handedOut } from './open-link';
export { browseResources, readResource } from './resources';
export { receiveGraphNotice, receiveSlackEvent } from './webhooks';
