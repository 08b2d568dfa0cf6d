import { AsyncLocalStorage } from 'node:async_hooks';
import { perProcess } from './shared';

/** What every log line of a piece of work carries. */
export interface LogContext {
  readonly requestId?: string;
  readonly tenantId?: string;
  readonly runId?: string;
}

type Mutable = { -readonly [Key in keyof LogContext]: LogContext[Key] };

const storage = perProcess('log-context', () => new AsyncLocalStorage<Mutable>());

/**
 * Run `fn` so that each log line written in it, however deep, carries these ids. Nested calls add to
 * what is there.
 */
export function withLogContext<Result>(fields: LogContext, fn: () => Result): Result {
  return storage.run({ ...storage.getStore(), ...fields }, fn);
}

/** Add what has become known of the work at hand, such as whose it is; outside of any, nothing. */
export function addLogContext(fields: LogContext): void {
  Object.assign(storage.getStore() ?? {}, fields);
}

export function logContext(): LogContext {
  return storage.getStore() ?? {};
}

/** The context under the names used in log lines; absent ids are left out. */
export function logFields(): Record<string, string> {
  const { requestId, tenantId, runId } = logContext();
  return {
    ...(requestId ? { request_id: requestId } : {}),
    ...(tenantId ? { tenant_id: tenantId } : {}),
    ...(runId ? { run_id: runId } : {}),
  };
}
