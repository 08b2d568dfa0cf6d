import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { RetentionRow } from '@/lib/lifecycle/contract';
import { KeptFor } from './kept-for';

const shown = (row: Pick<RetentionRow, 'days' | 'later'>) =>
  renderToStaticMarkup(<KeptFor {...row} />).replaceAll(/<[^>]+>/g, ' ');

it('says how long something is kept now, and for how long from when on', () => {
  const page = shown({ days: 365, later: [{ days: 1, from: '2026-11-29T12:00:00.000Z' }] });
  expect(page.split(/\s+/).join(' ')).toContain('365 days 1 day from 29 Nov 2026, 12:00 UTC');
});

it('says no more where nothing changes', () => {
  expect(shown({ days: 365, later: [] }).trim()).toBe('365 days');
});

it('groups the digits of many days, as the mail to owners does', () => {
  expect(shown({ days: 3_650, later: [] }).trim()).toBe('3,650 days');
});
