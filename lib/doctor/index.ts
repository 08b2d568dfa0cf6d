export {
  checkAgainInput,
  type DoctorArea,
  type DoctorCheck,
  type DoctorDocument,
  type DoctorLook,
  type DoctorOrigin,
  type DoctorOutcome,
  type DoctorView,
  doctorDocument,
  doctorSearch,
} from './contract';
export { databaseChecks, unseenDatabase } from './database';
export { doctorReport } from './document';
export { type Finding, failed, placed } from './finding';
export { checkPolicyServed, policyFault } from './policy';
export { checkSecretFiles, checkSettings } from './settings';
export { settled, unseenCheck } from './settled';
export { checkPackages, isAtLeast, productVersion } from './versions';
