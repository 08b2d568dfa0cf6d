import { perProcess } from './shared';

/** What this process answered since it was last asked. */
export interface AnswerTally {
  readonly requests: number;
  /** With a status of 500 and above. */
  readonly failed: number;
  /** Milliseconds of all of them together. */
  readonly ms: number;
}

const tally = () => perProcess('answer-tally', () => ({ requests: 0, failed: 0, ms: 0 }));

/** Count one answer: of a page, a route or an action. */
export function tallyAnswer(status: number, ms: number): void {
  const counted = tally();
  counted.requests += 1;
  counted.ms += ms;
  if (status >= 500) counted.failed += 1;
}

/** What was counted since the last time, and begin anew. */
export function takeTally(): AnswerTally {
  const counted = tally();
  const taken = { ...counted };
  Object.assign(counted, { requests: 0, failed: 0, ms: 0 });
  return taken;
}
