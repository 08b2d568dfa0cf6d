export { askAuditExport, askTenantExport } from './ask';
export { findExport, listExports } from './browse';
export { cancelExport } from './cancel';
export { askAuditInput, askTenantInput, type ExportRow, exportParams } from './contract';
export { type Download, downloadExport } from './download';
export { exportFunctions } from './functions';
