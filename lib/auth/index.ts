export {
  emailAddress,
  enterInput,
  identityProviders,
  joinInput,
  newOrganisationInput,
  providerSignInInput,
  signInInput,
  signUpInput,
  tokenInput,
} from './contract';
export { handleAuth } from './handle';
export { addMember, joinAsNewPerson, joinAsPerson } from './join';
export { landing, landingOutside, secondFactorPath } from './landing';
export { countLink } from './limits';
export { configuredProviders } from './providers';
export { readClaims, readToken } from './reading';
export { safeReturnPath } from './return-path';
export {
  beginOwnEnrolment,
  confirmOwnEnrolment,
  type FactorStage,
  factorStage,
  ownStandInCode,
  proveSession,
  removeOwnFactor,
  renewOwnRecoveryCodes,
  requireFreshFactor,
} from './second-factor';
export {
  awaitsSecondFactor,
  currentPerson,
  endSession,
  requirePerson,
  type SignedInPerson,
  startPasswordSession,
  startProviderSession,
  switchTenant,
} from './sessions';
export { createOrganisation, signUp } from './sign-up';
export { addStaff, makeStaff, type StaffPerson, staffRoleOf } from './staff';
export { changeStaff, resetFactorOf, type StaffCandidate, staffCandidate } from './staff-change';
export { claimedSupport, enterSupport, leaveSupport } from './support';
export type { SessionClaims, SupportClaim } from './token';
