export { VaultError, type VaultFault } from './errors';
export { prepareVault, vaultAnswers } from './prepare';
export { type Binding, open, seal } from './seal';
export { closeKeyStore } from './store';
export { createTenantKey } from './tenant-keys';
