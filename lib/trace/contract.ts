/** A run that a request began, or that something of the request belongs to. */
export interface TracedRun {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly at: string;
}

/** A call to a provider that a request led to. */
export interface TracedCall {
  readonly id: string;
  readonly at: string;
  readonly connectionId: string;
  readonly runId: string | null;
  readonly stepId: string | null;
  readonly method: string;
  readonly host: string | null;
  readonly path: string;
  readonly status: number | null;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** What one request led to in its organisation, beside the events that the audit lists. */
export interface RequestTrace {
  readonly requestId: string;
  readonly runs: readonly TracedRun[];
  readonly calls: readonly TracedCall[];
  /** There are more calls than are shown. */
  readonly moreCalls: boolean;
  /** Refusals on record with this request. */
  readonly refusals: number;
}
