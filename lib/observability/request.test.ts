import { describe, expect, it } from 'vitest';
import { logContext } from './context';
import { exportMetrics } from './metrics';
import { endpointPattern, observeRequest } from './request';

const request = { requestId: 'r-1', method: 'GET', path: '/api/things/42?cursor=secret' };

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
    expect(body).toContain('endpoint="/api/things/:id",method="GET",status="409"');
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

describe('endpointPattern', () => {
  it.each([
    ['/', '/'],
    ['/runs/0199f0a0-7bbb-7ccc-8ddd-eeeeffff0000/steps', '/runs/:id/steps'],
    ['/connections/google/callback?code=x', '/connections/google/callback'],
    ['/invitations/abcdefghijklmnopqrstuvwxyzabcdef', '/invitations/:id'],
  ])('%s → %s', (path, pattern) => {
    expect(endpointPattern(path)).toBe(pattern);
  });
});
