import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { logContext } from './context';
import { exportMetrics } from './metrics';
import { endpointPattern, observeRequest } from './request';

const request = { requestId: 'r-1', method: 'GET', path: '/api/runs/42?cursor=secret' };

describe('observeRequest', () => {
  it('gives the response and runs the handler with the request’s id', async () => {
    const response = await observeRequest(request, async () =>
      Response.json({ id: logContext().requestId }),
    );
    expect(await response.json()).toEqual({ id: 'r-1' });
  });

  it('counts by pattern and status, without the query', async () => {
    await observeRequest(request, async () => new Response(null, { status: 409 }));
    const { body } = await exportMetrics();
    expect(body).toContain('endpoint="/api/runs/:id",method="GET",status="409"');
    expect(body).not.toContain('secret');
  });

  it('counts an action’s refusal under the status of its error', async () => {
    const refusal = { ok: false, error: { code: 'forbidden', message: 'no', requestId: 'r-1' } };
    const action = { requestId: 'r-1', method: 'ACTION', path: '/members' };
    expect(await observeRequest(action, async () => refusal)).toBe(refusal);
    const { body } = await exportMetrics();
    expect(body).toContain('endpoint="/members",method="ACTION",status="403"');
  });
});

describe('counting', () => {
  it('stays bounded, whatever addresses callers put together', async () => {
    const words = ['runs', 'steps', 'edit', 'new', 'csv', 'rows', 'calls', 'audit'];
    for (const a of words)
      for (const b of words)
        for (const c of words) {
          const path = `/api/auth/${a}/${b}/${c}`;
          await observeRequest({ ...request, path }, async () => new Response(null));
        }
    const { body } = await exportMetrics();
    const counted = body.match(/^tenantry_http_request_duration_seconds_count\{.*$/gm) ?? [];
    expect(counted.length).toBeLessThan(310);
    expect(body).toContain('endpoint="other"');
  });
});

describe('endpointPattern', () => {
  it.each([
    ['/', '/'],
    ['/runs/0199f0a0-7bbb-7ccc-8ddd-eeeeffff0000/steps', '/runs/:id/steps'],
    ['/connections/google/callback?code=x', '/connections/google/callback'],
    // Chosen by the caller: each would be a series of its own, for as long as the process lives.
    ['/api/auth/abcdef', '/api/auth/:id'],
    ['/api/runs/abcdef', '/api/runs/:id'],
    ['/api/runs/__proto__', '/api/runs/:id'],
    ['/invitations/abcdefghijklmnopqrstuvwxyzabcdef', '/invitations/:id'],
  ])('%s → %s', (path, pattern) => {
    expect(endpointPattern(path)).toBe(pattern);
  });

  it('knows every address of the application by its name', () => {
    const app = fileURLToPath(new URL('../../app', import.meta.url));
    const folders = readdirSync(app, { recursive: true, withFileTypes: true });
    const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const fixed = names.filter((name) => !/^[([_@]/.test(name));
    expect(fixed.length).toBeGreaterThan(20);
    expect(fixed.filter((name) => endpointPattern(`/${name}`) !== `/${name}`)).toEqual([]);
  });
});
