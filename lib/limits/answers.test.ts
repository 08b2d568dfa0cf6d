import { describe, expect, it } from 'vitest';
import { budgetAnswer, retryAfterSeconds } from '.';

const answer = (status: number, headers: Record<string, string> = {}, body = '{}') =>
  budgetAnswer(new Response(body, { status, headers }));

describe('Retry-After', () => {
  const now = Date.parse('2026-11-21T10:00:00Z');
  it.each([
    ['30', 30],
    [' 2 ', 2],
    ['1.5', 2],
    ['Sat, 21 Nov 2026 10:01:30 GMT', 90],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['soon', null],
    ['', null],
  ])('%s is %s seconds', (value, seconds) => {
    expect(retryAfterSeconds(new Headers({ 'retry-after': value }), now)).toBe(seconds);
  });
});

describe('an answer', () => {
  it('of 429 pauses for as long as it says, or for a while', async () => {
    expect(await answer(429, { 'retry-after': '7' })).toEqual({ pauseSeconds: 7, slow: false });
    expect(await answer(429)).toEqual({ pauseSeconds: 10, slow: false });
  });

  it('of 503 pauses only when it says so', async () => {
    expect(await answer(503)).toMatchObject({ pauseSeconds: null });
    expect(await answer(503, { 'retry-after': '3' })).toMatchObject({ pauseSeconds: 3 });
  });

  it('of 403 pauses for Google’s reasons and for no others', async () => {
    const reason = (text: string) => JSON.stringify({ error: { errors: [{ reason: text }] } });
    expect(await answer(403, {}, reason('userRateLimitExceeded'))).toMatchObject({
      pauseSeconds: 10,
    });
    expect(await answer(403, {}, reason('insufficientPermissions'))).toMatchObject({
      pauseSeconds: null,
    });
  });

  it.each([
    ['0.79', false],
    ['0.8', true],
    ['1.2', true],
    ['much', false],
  ])('whose throttle share is %s warns: %s', async (share, slow) => {
    expect(await answer(200, { 'x-ms-throttle-limit-percentage': share })).toMatchObject({ slow });
  });
});
