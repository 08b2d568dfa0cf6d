export { type BudgetAnswer, budgetAnswer, retryAfterSeconds } from './answers';
export { atOnce } from './at-once';
export type { Budget, Demand, MeteredCall } from './bucket';
export {
  longestPauseSeconds,
  longestWaitSeconds,
  pauseBudget,
  slowBudget,
  takeBudget,
} from './budget';
export {
  type BudgetView,
  type LimitKey,
  type LimitUse,
  limitDefaults,
  limitKeys,
  limitWords,
  type OwnLimits,
  ownLimits,
  type TenantLimits,
  withDefaults,
} from './contract';
export { demandsOf } from './dimensions';
export { readBudgets } from './read';
export { RetryLater } from './retry-later';
export { limitsOf, limitUse, monthBegan, ownLimitsOf } from './tenant-limits';
export { allowAutomation, allowMember, oneAtATime } from './tenant-refusals';
