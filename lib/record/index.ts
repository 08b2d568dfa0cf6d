export { type BundleEntry, bundleType, eventsBundle, wholeBundle } from './bundle';
export { type Checkpoint, isOriginOf, openCheckpoint, readCheckpoint } from './checkpoint';
export { type ClosedRecord, type ClosedState, closeRecord } from './close';
export type { EventProof, RecordFinding, RecordState, StaffRecordState } from './contract';
export { checkRecord, leftOut } from './doctor';
export { RecordError, type RecordFault } from './errors';
export { checkpointFile, proofFile } from './files';
export { openNote, parseVerifierKey, rawPublicKey, signNote, verifierKey } from './note';
export { proveEvent, recordState } from './prove';
export { publishCheckpoints } from './publish';
export { originOf, sealRecord } from './seal';
export { startSealing, stopSealing } from './sealer';
export { checkpointEvery, signCheckpoints } from './sign';
export {
  createSigningKey,
  signingKeyFile,
  signingKeys,
  trustedPublicKeys,
} from './signing-key';
export { recordStanding } from './standing';
export { latestCheckpoint } from './tenant-reads';
export {
  type BundleReport,
  verifyBundle,
} from './verify-bundle';
export {
  type RecordSample,
  sampleRecord,
  type TenantVerification,
  tenantsOnRecord,
  tenantsToVerify,
  verifierKeysOf,
  verifyTenantRecord,
} from './verify-database';
