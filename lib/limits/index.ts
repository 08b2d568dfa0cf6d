export { longestWaitSeconds, pauseBudget, takeBudget } from './budget';
export { type Budget, budgets, costOf } from './cost';
export { RetryLater } from './retry-later';
