import { describe, expect, it } from 'vitest';
import { pageOf } from './page';
import { type IsolationReport, jsonOf } from './shape';

const report: IsolationReport = {
  kind: 'isolation',
  startedAt: '2026-11-21T20:00:00.000Z',
  finishedAt: '2026-11-21T20:01:30.000Z',
  version: '0.1.0',
  commit: 'abcdef123456',
  where: {
    database: 'own',
    readOnly: false,
    postgres: '18.4',
    node: '20.9.0',
    ways: ['direct', 'pooler'],
    halves: ['sql', 'http'],
  },
  passed: 1,
  failed: 0,
  classes: [{ name: 'sql: COPY', cases: 12, held: 12, tried: ['<b>COPY</b> & more'], told: [] }],
  matrix: [
    {
      table: 'public.runs',
      role: 'app',
      operation: 'select',
      way: 'direct',
      outcomes: { none: '0 rows', own: '1 row', foreign: '0 rows', forged: 'TC001' },
      cases: 4,
      held: 4,
    },
  ],
  endpoints: [{ endpoint: '/api/runs/[id]', cases: { own: 5, foreign: 5 }, held: 10 }],
  failures: [],
};

describe('pageOf', () => {
  it('says what was tried and what held', () => {
    const page = pageOf(report);
    expect(page).toContain('All 1 tests passed: 12 cases in 1 classes of attack');
    expect(page).toContain('0 · 1 · 0 · forged');
    expect(page).toContain('/api/runs/[id]');
  });

  it('needs nothing from elsewhere, and takes no text for markup', () => {
    const page = pageOf(report);
    expect(page).not.toMatch(/(?:src|href)=|@import|url\(|<script/);
    expect(page).toContain('&lt;b&gt;COPY&lt;/b&gt; &amp; more');
  });

  it('shows what did not hold', () => {
    const failures = [{ test: 'a test', class: 'sql: COPY', message: 'a row of another' }];
    const page = pageOf({ ...report, passed: 0, failed: 1, failures });
    expect(page).toContain('1 of 1 tests failed');
    expect(page).toContain('a row of another');
  });
});

describe('jsonOf', () => {
  it('is JSON, with a line to each row', () => {
    expect(JSON.parse(jsonOf(report))).toEqual(report);
    expect(jsonOf(report).split('\n').length).toBeGreaterThan(Object.keys(report).length);
  });
});
