import type { Mutant } from './mutant';
import type { TestResult } from './tests';

export type Outcome =
  /** A test noticed, as it should. */
  | 'killed'
  /** The test that was to notice passed. */
  | 'survived'
  /** Neither: the test is not there, or something else failed than what it asserts. */
  | 'inconclusive';

export interface Verdict {
  readonly outcome: Outcome;
  /** What the test said, in a line. */
  readonly said: string;
}

/** What is said when a test could not be carried out, which tells nothing of a defence. */
const hindered =
  /Test timeout|timed out in|Not ready in time|It ended with code|EADDRINUSE|beforeAll|beforeEach|fixture "|CannotFillError/;

const longest = 240;

/** The line that tells most: the first that differs from what was expected, else the first of all. */
export function lineOf(message: string): string {
  const lines = message.split('\n').map((line) => line.trim());
  const differing = lines.find(
    (line) => /^\+\s+["'\w{[]/.test(line) && !/^\+ (?:Received|(?:Array|Object) [[{]$)/.test(line),
  );
  const line = differing?.replace(/^\+\s+/, '') ?? lines.find((each) => each !== '') ?? '';
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** Whether the test that a mutant names has noticed it. */
export function verdictOf({ noticedBy }: Mutant, results: readonly TestResult[]): Verdict {
  const named = results.filter(({ title }) => title === noticedBy.title);
  if (named.length === 0) {
    return { outcome: 'inconclusive', said: 'The named test was not run.' };
  }
  const failed = named.find(({ passed }) => !passed);
  if (!failed) return { outcome: 'survived', said: 'The named test passed.' };
  const said = lineOf(failed.message);
  return { outcome: hindered.test(failed.message) ? 'inconclusive' : 'killed', said };
}
