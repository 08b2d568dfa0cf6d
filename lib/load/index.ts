export { type LoadFilter, loadFilter } from './contract';
export { loadFunctions } from './functions';
export { consoleOverview } from './overview';
export { exportTenantUsage, setAtLimit, tenantUsage } from './tenant-usage';
export { startLoadWatch, stopLoadWatch, writeLoad } from './watch';
