export { askAcross, takeAcross } from './across';
export { askAuditExport, askTenantExport } from './ask';
export { findExport, listExports } from './browse';
export { cancelExport } from './cancel';
export { failedExports, listPlatformExports } from './console';
export {
  askAcrossInput,
  askAuditInput,
  askTenantInput,
  type ExportRow,
  exportParams,
  platformExportFilter,
  takeAcrossInput,
} from './contract';
export { type Download, downloadExport } from './download';
export { exportFunctions } from './functions';
