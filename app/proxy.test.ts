import type { NextConfig } from 'next';
import { type NextFetchEvent, NextRequest } from 'next/server';
import { encode } from 'next-auth/jwt';
import { v4 } from 'uuid';
import { describe, expect, it, vi } from 'vitest';
import { config, proxy } from '../proxy';

const secret = 'a secret for this test alone, 32+';
vi.stubEnv('AUTH_SECRET', secret);

const beside: Promise<unknown>[] = [];
const event = { waitUntil: (work: Promise<unknown>) => beside.push(work) };

const ask = (path: string, headers: Record<string, string> = {}) =>
  proxy(
    new NextRequest(`http://localhost:3000${path}`, { headers }),
    event as unknown as NextFetchEvent,
  );
/** How the framework is told to change the request's headers. */
const passedOn = (response: Response, name: string) =>
  response.headers.get(`x-middleware-request-${name}`);

describe('proxy', () => {
  it('gives the page the nonce of its own policy, a fresh one each time', async () => {
    const [first, second] = [await ask('/'), await ask('/')];
    const nonce = passedOn(first, 'x-nonce');
    expect(first.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
    expect(passedOn(first, 'content-security-policy')).toContain(`'nonce-${nonce}'`);
    expect(passedOn(second, 'x-nonce')).not.toBe(nonce);
  });

  it('does not take a nonce, method or path from the caller', async () => {
    const response = await ask('/runs?state=failed', {
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

  it('uses one request id in both directions', async () => {
    const response = await ask('/', { 'x-request-id': 'caller-0001' });
    expect(passedOn(response, 'x-request-id')).toBe('caller-0001');
    expect(response.headers.get('x-request-id')).toBe('caller-0001');
    expect(passedOn(response, 'x-request-id-given')).toBe('1');
  });

  it('says of an id of its own that the caller did not choose it, whatever the caller says', async () => {
    const given: Record<string, string>[] = [{}, { 'x-request-id': '"' }];
    for (const headers of given) {
      const response = await ask('/', { ...headers, 'x-request-id-given': '1' });
      expect(passedOn(response, 'x-request-id-given')).toBe('0');
    }
  });

  it('decides nothing: every request goes on', async () => {
    for (const path of ['/audit', '/administration', '/api/health']) {
      expect((await ask(path)).headers.get('x-middleware-next')).toBe('1');
    }
  });

  it.each([
    ['/admin', '/never'],
    ['/admin/tenants/1?page=2', '/never/tenants/1'],
    ['/api/admin/audit', '/api/never/audit'],
    ['/%61dmin', '/never'],
  ])('answers %s from where nothing is when the session is not of staff', async (path, hidden) => {
    const response = await ask(path, { cookie: 'tenantry.session=forged' });
    expect(response.headers.get('x-middleware-rewrite')).toBe(`http://localhost:3000${hidden}`);
    expect(beside).toEqual([]);
  });

  it('lets a session of staff on to the console, which asks again', async () => {
    const token = { userId: v4(), tenantId: null, role: null, sessionVersion: 1, staff: true };
    const cookie = await encode({
      token: { ...token, signedInAt: Math.floor(Date.now() / 1_000) },
      secret,
      salt: 'tenantry.session',
    });
    const response = await ask('/admin', { cookie: `tenantry.session=${cookie}` });
    expect(response.headers.get('x-middleware-next')).toBe('1');
  });

  it('stands before pages and api, not before built files', () => {
    const matcher = new RegExp(`^${config.matcher}$`);
    expect(matcher.test('/')).toBe(true);
    expect(matcher.test('/api/health')).toBe(true);
    expect(matcher.test('/_next/image')).toBe(true);
    expect(matcher.test('/_next/static/chunks/a.js')).toBe(false);
  });

  it('has no image optimiser beside it, which asks for addresses past it', async () => {
    const file = new URL('../next.config.mjs', import.meta.url).href;
    const { default: built } = (await import(file)) as { default: NextConfig };
    expect(built.images?.unoptimized).toBe(true);
  });
});
