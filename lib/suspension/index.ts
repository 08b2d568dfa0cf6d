export { type HeldOrganisation, suspensionChanged } from './contract';
export { heldOrganisationsOf } from './held';
export { suspensionFunctions, suspensionMail, suspensionMails } from './notices';
