import { NextRequest } from 'next/server';
import { describe, expect, it } from 'vitest';
import { config, proxy } from '../proxy';

const ask = (path: string, headers: Record<string, string> = {}) =>
  proxy(new NextRequest(`http://localhost:3000${path}`, { headers }));
/** How the framework is told to change the request's headers. */
const passedOn = (response: Response, name: string) =>
  response.headers.get(`x-middleware-request-${name}`);

describe('proxy', () => {
  it('gives the page the nonce of its own policy, a fresh one each time', () => {
    const [first, second] = [ask('/'), ask('/')];
    const nonce = passedOn(first, 'x-nonce');
    expect(first.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
    expect(passedOn(first, 'content-security-policy')).toContain(`'nonce-${nonce}'`);
    expect(passedOn(second, 'x-nonce')).not.toBe(nonce);
  });

  it('does not take a nonce, method or path from the caller', () => {
    const response = ask('/runs?state=failed', {
      'x-nonce': 'forged',
      'x-request-method': 'FORGED',
      'x-request-path': '/forged',
      'x-request-search': '?forged',
    });
    expect(passedOn(response, 'x-nonce')).not.toBe('forged');
    expect(passedOn(response, 'x-request-method')).toBe('GET');
    expect(passedOn(response, 'x-request-path')).toBe('/runs');
    expect(passedOn(response, 'x-request-search')).toBe('?state=failed');
  });

  it('uses one request id in both directions', () => {
    const response = ask('/', { 'x-request-id': 'caller-0001' });
    expect(passedOn(response, 'x-request-id')).toBe('caller-0001');
    expect(response.headers.get('x-request-id')).toBe('caller-0001');
  });

  it('decides nothing: every request goes on', () => {
    for (const path of ['/admin', '/audit', '/api/health']) {
      expect(ask(path).headers.get('x-middleware-next')).toBe('1');
    }
  });

  it('stands before pages and api, not before built files', () => {
    const matcher = new RegExp(`^${config.matcher}$`);
    expect(matcher.test('/')).toBe(true);
    expect(matcher.test('/api/health')).toBe(true);
    expect(matcher.test('/_next/static/chunks/a.js')).toBe(false);
  });
});
