export { captureConsole } from './console';
export { addLogContext, type LogContext, withLogContext } from './context';
export { failStart, isStopping, onStop, reportStart } from './lifecycle';
export { logger } from './logger';
export {
  countMail,
  exportMetrics,
  observeProviderCall,
  registerGauge,
  registerHistogram,
  type Sample,
} from './metrics';
export { requireMetricsToken } from './metrics-token';
export { type Readiness, readiness, registerReadinessCheck } from './readiness';
export { redactText, redactValue } from './redact';
export { logFailure, type ObservedRequest, observeRequest } from './request';
export { perProcess } from './shared';
export { type AnswerTally, takeTally, tallyAnswer } from './tally';
