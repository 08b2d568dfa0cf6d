export { advanceDeletion } from './advance';
export { type ApprovedDeletion, deleteAsApproved } from './approved';
export { askDeletion, pendingDeletion, requireName, undoDeletion } from './ask';
export {
  type Certificate,
  nameDigest,
  stateOnCertificate,
  type Verdict,
  verifyCertificate,
} from './certificate';
export * from './contract';
export { lifecycleFunctions } from './functions';
export { notedRecord } from './record-state';
export { purgeAll, purgeTenant } from './retention/purge';
export { retentionOf } from './retention/read';
export { wakeDeletions } from './wake';
