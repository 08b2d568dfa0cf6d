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
  type LaterRetention,
  type LimitKey,
  type LimitUse,
  limitDefaults,
  limitKeys,
  limitWords,
  type OwnLimits,
  ownLimits,
  retentionChanged,
  retentionKeys,
  retentionNoticeDays,
  type TenantLimits,
  withDefaults,
} from './contract';
export { demandsOf } from './dimensions';
export { readBudgets } from './read';
export { changesAhead, keptLongerAfter, laterRetention, limitsAt, noticeEnds } from './retention';
export { RetryLater } from './retry-later';
export {
  limitsOf,
  limitUse,
  monthBegan,
  ownLimitsOf,
  type RetentionSaid,
  retentionSaid,
} from './tenant-limits';
export { allowAutomation, allowMember, oneAtATime } from './tenant-refusals';
