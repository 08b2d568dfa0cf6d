export { admitRun, RunsUsedUp, runsUsedUp } from './admit';
export {
  atLimitChoice,
  boundedKeys,
  defaultPeriod,
  type LimitStanding,
  limitConsequence,
  measures,
  measureWords,
  pressing,
  type UsageFilter,
  type UsagePoint,
  type UsageReport,
  usageFilter,
  warnPercent,
} from './contract';
export { countTenant } from './count';
export { usageCsv } from './csv';
export { usageFunctions } from './functions';
export { startOfDayId } from './id-time';
export { limitsUsed } from './limits';
export { exportUsage, pressingLimits, readUsage, usageIn } from './read';
export { recount } from './recount';
export { type LimitAction, lockState } from './state';
