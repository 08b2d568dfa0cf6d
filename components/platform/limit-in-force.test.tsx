import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { limitKeys, type OwnLimits, withDefaults } from '@/lib/limits/contract';
import type { TenantLimitsView } from '@/lib/platform/contract';
import { InForce } from './limit-in-force';

const nothingSaid = Object.fromEntries(limitKeys.map((key) => [key, null])) as unknown as OwnLimits;
const limits: TenantLimitsView = {
  own: { ...nothingSaid, retentionLogsDays: 30 },
  inForce: withDefaults(undefined),
  later: [{ key: 'retentionLogsDays', days: 30, from: '2026-11-29T12:00:00.000Z' }],
  use: { automations: 0, members: 0, runsPerMonth: 0 },
};
const shown = (limitKey: 'retentionLogsDays' | 'retentionRunsDays') =>
  renderToStaticMarkup(<InForce limitKey={limitKey} limits={limits} />).replaceAll(/<[^>]+>/g, '');

it('shows what is in force while owners have notice, and what comes then', () => {
  expect(shown('retentionLogsDays')).toBe('400 days, 30 from 29 Nov 2026, 12:00 UTC');
});

it('shows a limit alone that does not change', () => {
  expect(shown('retentionRunsDays')).toBe('365 days');
});
