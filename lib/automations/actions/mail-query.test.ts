import { describe, expect, it } from 'vitest';
import { mailQuery } from './mail-query';

const now = new Date('2026-11-21T08:00:00Z');

describe('a query for messages', () => {
  it.each([
    ['google', { inInbox: true, olderThanDays: 7 }, 'in:inbox older_than:7d'],
    ['google', { hasAttachment: true, newerThanDays: 90 }, 'has:attachment newer_than:90d'],
    ['google', { words: 'invoice' }, 'invoice'],
    ['microsoft', { inInbox: true, olderThanDays: 7 }, 'received<=2026-11-14'],
    [
      'microsoft',
      { hasAttachment: true, newerThanDays: 90 },
      'hasAttachments:true AND received>=2026-08-23',
    ],
    ['microsoft', { words: 'invoice', newerThanDays: 1 }, 'received>=2026-11-20 AND invoice'],
    [
      'microsoft',
      { words: 'invoice OR bill', newerThanDays: 1 },
      'received>=2026-11-20 AND (invoice OR bill)',
    ],
  ] as const)('of %s for %j is %s', (provider, query, expected) => {
    expect(mailQuery(provider, query, now)).toBe(expected);
  });
});
