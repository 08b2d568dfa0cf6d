export { checkKeys } from './check';
export { type KeyMove, leftInside, moveKeys } from './move';
export { rotateTenantKeys, type TenantKeyRotation } from './rotate-tenant-keys';
export { rotateWrapping, type WrappingRotation } from './rotate-wrapping';
export { sealedPlaces } from './sealed-places';
export { countKeys, destroyKeys, nameOfTenant, type Shredding, shredKeys } from './shred';
export { type KeyStatus, keyStatus } from './status';
