export { cancelRunAsStaff } from './cancel';
export {
  cancelRunInput,
  engineFilter,
  personParams,
  platformRunFilter,
  platformRunParams,
  requestParams,
} from './contract';
export { openEngine } from './engine';
export { searchPalette } from './palette';
export { openPerson } from './person';
export { openRequest } from './request';
export { listPlatformRuns, openPlatformRun } from './runs';
