import type { FaultInput } from './faults';
import type { FaultPreset } from './service';

export interface ErrorAnswer {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The faults that every provider can have.
 * @param path of the API, so that sign-in and consent pages go on working
 * @param errors what the provider itself says when it throttles and when it is down
 */
export function commonPresets(
  path: FaultInput['path'],
  errors: { readonly throttled: ErrorAnswer; readonly unavailable: ErrorAnswer },
): Readonly<Record<string, FaultPreset>> {
  return {
    throttle: {
      label: 'Throttle (seconds)',
      explanation: '429 with Retry-After: 20.',
      fault: { path, status: 429, ...errors.throttled, retryAfter: 20 },
    },
    throttle_date: {
      label: 'Throttle (date)',
      explanation: '429 with Retry-After as an HTTP date, 20 seconds ahead.',
      fault: { path, status: 429, ...errors.throttled, retryAfter: 20, retryAfterAs: 'date' },
    },
    unavailable: {
      label: 'Out of order',
      explanation: '503 to everything.',
      fault: { path, status: 503, ...errors.unavailable },
    },
    garbage: {
      label: 'Garbage',
      explanation: '200 with a page of HTML in place of an answer.',
      fault: { path, status: 200, body: '<html><body>We will be back shortly.</body></html>' },
    },
    reset: {
      label: 'Cut the line',
      explanation: 'The connection is reset before the answer.',
      fault: { path, reset: true },
    },
    reset_after: {
      label: 'Cut the line afterwards',
      explanation: 'The request takes effect, and its answer never arrives.',
      fault: { path, reset: true, when: 'after' },
    },
    slow: {
      label: 'Slow',
      explanation: 'The right answer, after five seconds.',
      fault: { path, delay: 5_000 },
    },
    drip: {
      label: 'Drip',
      explanation: 'The right answer, 16 bytes every quarter of a second.',
      fault: { path, drip: { bytes: 16, every: 250 } },
    },
  };
}
