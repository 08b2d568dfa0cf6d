export {
  openedQuery,
  type QueryDetail,
  type QueryFilter,
  type QueryRow,
  queryFilter,
  type TenantQueryRow,
} from './contract';
export { queryFunctions } from './functions';
export { queryDetail, slowestQueries, slowestTenants } from './read';
export { startQueryWatch, stopQueryWatch, writeQueryFigures } from './watch';
