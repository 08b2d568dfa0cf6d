export { VaultError, type VaultFault } from './errors';
export { prepareVault } from './prepare';
export { type Binding, open, seal } from './seal';
export { createTenantKey } from './tenant-keys';
