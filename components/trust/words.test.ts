import { describe, expect, it } from 'vitest';
import type { TrustReport } from '@/lib/trust/contract';
import { stateText } from './words';

const report: TrustReport = {
  kind: 'isolation',
  startedAt: '2026-11-18T10:00:00.000Z',
  finishedAt: '2026-11-18T10:05:00.000Z',
  ok: true,
  passed: 1,
  failed: 0,
  classes: [],
  version: '0.1.0',
  commit: 'aaaaaaaaaaaa',
  sourcesDigest: 'one',
};
const [version, commit] = ['0.1.0', 'bbbbbbbbbbbbbbbb'];

describe('stateText', () => {
  it('names both commits when a report is of other sources', () => {
    expect(stateText(report, { version, commit, sourcesDigest: 'two' })).toBe(
      'of another state of Tenantry (commit aaaaaaaa; bbbbbbbb runs here)',
    );
  });

  it('does not take a report for another state because its commit came before', () => {
    expect(stateText(report, { version, commit, sourcesDigest: 'one' })).toBe(
      'of what runs here, version 0.1.0, commit aaaaaaaa',
    );
  });

  it('says that files differ where the commit is one', () => {
    expect(stateText(report, { version, commit: 'aaaaaaaaaaaa', sourcesDigest: 'two' })).toContain(
      'with other changes on top',
    );
  });

  it('says what it does not know', () => {
    const without = { ...report, sourcesDigest: null };
    expect(stateText(without, { version, commit })).toContain('it may be of others');
    expect(stateText({ ...without, commit: null }, { version })).toBe('of version 0.1.0');
  });
});
