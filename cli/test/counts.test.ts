import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { add, none, playwrightCounts, vitestCounts } from './counts';

const dir = mkdtempSync(join(tmpdir(), 'tenantry-counts-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(report: unknown): string {
  const path = join(dir, 'report.json');
  writeFileSync(path, JSON.stringify(report));
  return path;
}

describe('vitestCounts', () => {
  it('counts tests, and a file that could not be loaded as a failure, and names them', () => {
    const passed = { fullName: 'adds up', status: 'passed', failureMessages: [] };
    const failed = {
      fullName: 'adds up twice',
      status: 'failed',
      failureMessages: ['AssertionError: \u001b[31mexpected 3\u001b[39m\n  at sum.test.ts:3'],
    };
    const report = {
      numPassedTests: 7,
      numFailedTests: 1,
      testResults: [
        { name: 'sum.test.ts', status: 'passed', message: '', assertionResults: [passed] },
        { name: 'twice.test.ts', status: 'failed', message: '', assertionResults: [failed] },
        { name: 'odd.test.ts', status: 'failed', message: 'No such file', assertionResults: [] },
      ],
    };
    expect(vitestCounts(file(report))).toEqual({
      passed: 7,
      failed: 2,
      failures: [
        'twice.test.ts › adds up twice: AssertionError: expected 3',
        'odd.test.ts: No such file',
      ],
      again: [],
    });
  });
});

describe('playwrightCounts', () => {
  it('counts tests, and errors outside of them as failures, and names them', () => {
    const spec = (title: string, status: string, ...messages: readonly string[]) => ({
      ...{ title, file: 'page.spec.ts' },
      tests: [{ status, results: [{ errors: messages.map((message) => ({ message })) }] }],
    });
    const report = {
      stats: { expected: 4, unexpected: 1, flaky: 1 },
      errors: [{ message: 'No browser' }],
      suites: [
        {
          specs: [spec('opens', 'expected'), spec('turns', 'flaky', 'Error: it stuck')],
          suites: [{ specs: [spec('closes', 'unexpected', 'Error: it stays\nCall log')] }],
        },
      ],
    };
    expect(playwrightCounts(file(report))).toEqual({
      passed: 5,
      failed: 2,
      failures: ['page.spec.ts › closes: Error: it stays', 'outside of the tests: No browser'],
      again: ['page.spec.ts › turns: Error: it stuck'],
    });
  });
});

describe('a report that was never written', () => {
  it('is a failure', () => {
    const missing = join(dir, 'missing.json');
    expect(add(vitestCounts(missing), add(playwrightCounts(missing), none))).toMatchObject({
      passed: 0,
      failed: 2,
    });
  });
});
