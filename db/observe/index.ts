export { type Asker, isLawful } from './asker';
export { observePool } from './engine-client';
export { bucketBounds, bucketCount, bucketOf } from './histogram';
export type { JourneyQuery } from './journey';
export {
  drainQueries,
  type Measured,
  observe,
  type QueryFigures,
  type QueryFinding,
  type RoleTimes,
  reportQueries,
  roleTimes,
} from './observer';
export {
  acrossTenants,
  acrossTenantsMark,
  type QueryShape,
  shapeOf,
  TEXT_LIMIT,
  tenantTableNames,
} from './shape';
