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
export { landing, landingOutside } from './landing';
export { countLink } from './limits';
export { configuredProviders } from './providers';
export { readClaims } from './reading';
export { safeReturnPath } from './return-path';
export {
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
export type { SessionClaims } from './token';
