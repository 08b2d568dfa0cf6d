import { describe, expect, it } from 'vitest';
import type { CodeMutant } from './mutant';
import { spotOf, withMutants } from './schemata';
import { lineOf, verdictOf } from './verdict';

const noticedBy = { file: 'lib/x.test.ts', title: 'is refused' };
const mutant = (name: string, find: string, instead: string): CodeMutant => ({
  ...{ kind: 'code', name, class: 'app: x', taken: 'x', file: 'lib/x.ts', noticedBy },
  edits: [{ find, instead }],
});
const one = mutant('one', 'if («a !== b») return', 'false');

describe('a verdict', () => {
  const result = (passed: boolean, message = '') => ({ title: 'is refused', passed, message });

  it('is that a mutant was killed when its test fails', () => {
    const message = 'AssertionError: expected 1 to be 2';
    expect(verdictOf(one, [result(false, message)])).toEqual({ outcome: 'killed', said: message });
  });

  it('is that it survived when its test passes, whatever else fails', () => {
    const other = { title: 'another', passed: false, message: 'AssertionError' };
    expect(verdictOf(one, [result(true), other]).outcome).toBe('survived');
  });

  it.each(['Test timeout of 60000ms exceeded.', 'Not ready in time:\n'])(
    'is none when the test could not be carried out: %s',
    (message) => expect(verdictOf(one, [result(false, message)]).outcome).toBe('inconclusive'),
  );

  it('is none when the test was not there', () => {
    expect(verdictOf(one, []).outcome).toBe('inconclusive');
  });

  it('quotes the first thing that was not expected', () => {
    const message = `Error: expect(received).toEqual(expected)

- Expected  - 1
+ Received  + 4

- Array []
+ Array [
+   "select on runs as app",`;
    expect(lineOf(message)).toBe('"select on runs as app",');
  });
});

describe('a file with mutants in it', () => {
  it('has each asleep, two in one place as well', () => {
    const text = withMutants('if (a !== b) return x;', [
      one,
      mutant('two', 'if («a !== b»)', 'true'),
      mutant('three', 'return «x»;', 'y'),
    ]);
    const value = (name: string) =>
      new Function('process', 'a', 'b', 'x', 'y', `${text} return 'end';`)(
        { env: { MUTANT: name } },
        ...[1, 2, 'x', 'y'],
      );
    expect(['', 'one', 'two', 'three'].map(value)).toEqual(['x', 'end', 'x', 'y']);
  });

  it('is refused when a piece is not there, or twice', () => {
    expect(() => spotOf('if (a) return', { find: 'if («b»)' })).toThrow('not there any more');
    expect(() => spotOf('if (a) if (a)', { find: 'if («a»)' })).toThrow('more than once');
  });
});
