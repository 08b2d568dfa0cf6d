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
export type { BudgetView } from './contract';
export { demandsOf } from './dimensions';
export { readBudgets } from './read';
export { RetryLater } from './retry-later';
