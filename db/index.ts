/**
 * The database's door for everything above it. Tables come from '@/db/schema'; drivers and ORM stay
 * in here.
 */
export {
  and,
  asc,
  between,
  count,
  countDistinct,
  desc,
  eq,
  exists,
  getTableColumns,
  getTableName,
  gt,
  gte,
  type InferInsertModel,
  type InferSelectModel,
  ilike,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  max,
  min,
  ne,
  not,
  notInArray,
  or,
  type SQL,
  sql,
  sum,
} from 'drizzle-orm';
export { alias } from 'drizzle-orm/pg-core';
export * as alerting from './alerts';
export * as appFaults from './app-faults';
export { type CatalogueCheck, inspectServing } from './catalogue';
export { enginePool, poolUsage, resetConnections } from './connections';
export * as deletions from './deletions';
export { type DueAutomation, dueAutomations } from './due-automations';
export { type EndedExport, endedExports } from './due-exports';
export { type DueReconsent, dueReconsents } from './due-reconsents';
export { type DueStream, dueStreams } from './due-streams';
export * as engine from './engine';
export * as erasure from './erasure';
export {
  ConnectionLostError,
  DoorMisuseError,
  hasSqlState,
  isUniqueViolation,
  QueryError,
  sqlStates,
  TransactionAbortedError,
} from './errors';
export { type IdentityTransaction, withIdentity } from './identity';
export * from './ids';
export { KeyStoreDatabase, type KeyStoreState, type StoredKey } from './key-store';
export * as load from './load';
export * as observation from './observe';
export { acrossTenants } from './observe';
export { type PlatformTransaction, withPlatform } from './platform';
export { purgeQueryFigures, storeQueryFigures } from './query-figures';
export * as record from './record';
export { type NewReport, recordReportsAs, reportRow } from './reports';
export * as retention from './retention';
export { accountUsedElsewhere } from './same-account';
export {
  type TenantContext,
  type TenantStatements,
  type TenantTransaction,
  tenantDb,
  withTenant,
} from './tenant';
export { type QueryParameters, tenantQuery } from './tenant-query';
export { tenantsToCount } from './tenants-to-count';
export { storable, storableText } from './text';
export * as upkeep from './upkeep';
export * as webhooks from './webhooks';
export { alongside } from './wire/session';
export type { TransactionOptions } from './wire/transaction';
