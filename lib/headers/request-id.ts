import { v4 } from 'uuid';

/** Safe in a log line, a header and a URL; long enough to be told apart. */
const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{7,127}$/;

/** The caller's own request id where it is harmless, else a new one. */
export function acceptRequestId(given: string | null): string {
  return given !== null && pattern.test(given) ? given : v4();
}
