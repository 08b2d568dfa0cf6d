export {
  keepCheckpoint,
  markFailed,
  markPublished,
  noteSigner,
  type SignableTree,
  signers,
  treesToSign,
  type UnpublishedCheckpoint,
  unpublished,
} from './checkpoints';
export { eventColumns, type StoredEvent } from './events';
export { type Delayed, type GrownTree, type Growth, TreeMovedError, type TreeState } from './grow';
export { type RecordLag, type RecordStanding, recordLag, standingOf } from './lag';
export {
  type CheckedEvent,
  certificatesOf,
  checkpointsOf,
  type DeletedTenant,
  eventsWithoutLeaf,
  type HeldCheckpoint,
  leavesFrom,
  publishedSize,
  type RecordReader,
  recordReader,
  type TreeRow,
  tenantsDeleted,
  tenantsThere,
  tenantsWithRecord,
  tilesFrom,
  treeOf,
  unsealedOf,
} from './read';
export { type Grow, type Sealed, sealNext, sealWaiting } from './seal';
