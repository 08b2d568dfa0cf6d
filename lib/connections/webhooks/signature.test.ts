import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkSlackSignature } from './signature';

/** Slack's own example: https://docs.slack.dev/authentication/verifying-requests-from-slack */
const published = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body: Buffer.from(
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V' +
      '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
      '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554' +
      '%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  ),
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
};
const then = 1_531_420_618_000;

describe('a signature of Slack’s', () => {
  it('is good as Slack publishes it', () => {
    expect(checkSlackSignature(published, then)).toBe('good');
  });

  it.each([
    ['five minutes later', 300_000, 'good'],
    ['a second more', 301_000, 'stale'],
    ['from so far ahead', -301_000, 'stale'],
  ])('%s is %s', (_name, later, verdict) => {
    expect(checkSlackSignature(published, then + later)).toBe(verdict);
  });

  it.each([
    ['another body', { body: Buffer.from('token=xyzz0WbapA4vBCDEFasx0q6H') }],
    ['another secret', { secret: 'guessed' }],
    ['another time', { timestamp: '1531420619' }],
    ['no time', { timestamp: null }],
    ['a time that is no number', { timestamp: '1531420618.0' }],
    ['no signature', { signature: null }],
    ['half of it', { signature: published.signature.slice(0, 40) }],
    ['another version', { signature: published.signature.replace('v0', 'v1') }],
    ['upper case', { signature: published.signature.toUpperCase() }],
  ])('is bad with %s', (_name, change) => {
    expect(checkSlackSignature({ ...published, ...change }, then)).toBe('bad');
  });

  it('is over the bytes, not over what they mean', () => {
    const bytes = Buffer.from([0x7b, 0x7d, 0xff, 0x00]);
    const digest = createHmac('sha256', 's').update('v0:100:').update(bytes).digest('hex');
    const signed = { secret: 's', timestamp: '100', signature: `v0=${digest}`, body: bytes };
    expect(checkSlackSignature(signed, 100_000)).toBe('good');
    const decoded = Buffer.from(bytes.toString('utf8'));
    expect(checkSlackSignature({ ...signed, body: decoded }, 100_000)).toBe('bad');
  });
});
