export * from './contract';
export { automationFunctions } from './functions';
export {
  archiveAutomation,
  createAutomation,
  enableAutomation,
  updateAutomation,
} from './manage/change';
export { archiveInput, createInput, enableInput, updateInput } from './manage/input';
export {
  automationNames,
  connectionChoices,
  listAutomations,
  readAutomation,
} from './manage/read';
export {
  automationParams,
  cancelInput,
  reportParams,
  rerunInput,
  runParams,
  startInput,
  stepParams,
} from './params';
export { exportReport } from './reports/export';
export { listReports, readReport, reportLines } from './reports/read';
export { cancelRun } from './runs/cancel';
export { listRuns, readRun } from './runs/read';
export { readChanges, readStep } from './runs/read-step';
export { requestRun, rerun } from './runs/request';
export { findTemplate, listTemplates, requireTemplate } from './templates/registry';
