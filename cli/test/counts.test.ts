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
  it('counts tests, and a file that could not be loaded as a failure', () => {
    const report = {
      numPassedTests: 7,
      numFailedTests: 1,
      testResults: [
        { status: 'passed', assertionResults: [{}] },
        { status: 'failed', assertionResults: [{}] },
        { status: 'failed', assertionResults: [] },
      ],
    };
    expect(vitestCounts(file(report))).toEqual({ passed: 7, failed: 2 });
  });
});

describe('playwrightCounts', () => {
  it('counts tests, and errors outside of them as failures', () => {
    const report = { stats: { expected: 4, unexpected: 1, flaky: 1 }, errors: [{}] };
    expect(playwrightCounts(file(report))).toEqual({ passed: 5, failed: 2 });
  });
});

describe('a report that was never written', () => {
  it('is a failure', () => {
    const missing = join(dir, 'missing.json');
    expect(add(vitestCounts(missing), add(playwrightCounts(missing), none))).toEqual({
      passed: 0,
      failed: 2,
    });
  });
});
