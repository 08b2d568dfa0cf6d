export {
  countWork,
  type FailedWork,
  functionFacts,
  listFailures,
  listWork,
  listWorkers,
  undispatchedJobs,
  type WorkCount,
  type WorkerRow,
  type WorkFilter,
  type WorkRow,
  type WorkState,
} from './browse';
export type { ClaimedRun, ClaimRequest, FunctionLimits, StoredStep } from './claim';
export { type Commit, commitProgress, type RunChange, type StepRow } from './commit';
export { type CronFiring, type CronSchedule, type DueCron, fireCrons, storeCrons } from './crons';
export { insertEvents, type NewEngineEvent } from './events';
export { type Listener, type ListenerEvents, openListener } from './listener';
export { dispatchJobs, findJob, type JobRow } from './outbox';
export {
  cancelRunsOfEvent,
  type NewEngineRun,
  type Routing,
  type RoutingStep,
  type StartThrottle,
  type StoredEvent,
} from './route';
export {
  type EngineStore,
  engineStore,
  eventsChannel,
  isPassing,
  outboxChannel,
  runsChannel,
} from './store';
export { type Turn, takeTurn } from './turn';
export { purgeHistory, type QueueStatus, queueStatus } from './upkeep';
export {
  openWorkerSession,
  reclaimLostRuns,
  releaseOrphans,
  renewLease,
  retireWorker,
  type WorkerSession,
} from './worker';
