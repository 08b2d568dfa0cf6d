export { configuredKeyIds, keyRing } from './current-key';
export { VaultError, type VaultFault } from './errors';
export { createKeyFile } from './key-file';
export { openForPerson, type PersonSecret, resealForPerson, sealForPerson } from './person';
export { canaryOf, prepareVault, vaultAnswers } from './prepare';
export { type Binding, open, reseal, seal } from './seal';
export { ApartStore, closeKeyStore, insideStore, type KeyStore, keyStore } from './store';
export { createTenantKey, nextTenantKey, rewrapTenantKeys } from './tenant-keys';
