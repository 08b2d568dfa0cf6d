import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { notFound } from '@/lib/errors';
import type { Endpoint } from './endpoint';
import { declareRoute, publicRoute } from './route';

const ask = async (method: 'GET' | 'HEAD', body: ReadableStream<Uint8Array>) => {
  const route = publicRoute({}, async () => {
    const headers = { 'content-type': 'text/plain', 'content-length': '5' };
    return new Response(body, { status: 206, headers });
  });
  const request = new Request('http://localhost/api/file', { method });
  return route(request, { params: Promise.resolve({}) });
};

/** A body with an end, that says when nobody wants it any more. */
function source(cancel?: () => void) {
  let cancelled = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('hello'));
        controller.close();
      },
      cancel() {
        cancelled += 1;
        cancel?.();
      },
    },
    { highWaterMark: 0 },
  );
  return { body, cancelled: () => cancelled };
}

describe('a public answer to HEAD', () => {
  it('lets go of what its body would come from, and keeps its status and headers', async () => {
    const { body, cancelled } = source();
    const answer = await ask('HEAD', body);
    expect(cancelled()).toBe(1);
    expect(answer.body).toBeNull();
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(answer.headers.get('content-length')).toBe('5');
    expect(answer.headers.get('x-request-id')).toEqual(expect.any(String));
  });

  it('is given also when its body cannot be let go of', async () => {
    const { body } = source(() => {
      throw new Error('The file is stuck.');
    });
    expect((await ask('HEAD', body)).status).toBe(206);
  });

  it('of data has no body either', async () => {
    const route = publicRoute({}, async () => ({ some: 'data' }));
    const request = new Request('http://localhost/api/data', { method: 'HEAD' });
    const answer = await route(request, { params: Promise.resolve({}) });
    expect([answer.status, answer.body]).toEqual([200, null]);
  });
});

it('a public HEAD is refused where GET may be carried out once only', async () => {
  let carriedOut = 0;
  const route = publicRoute(
    { query: z.object({ state: z.string() }), head: 'refused' },
    async () => {
      carriedOut += 1;
      return { some: 'data' };
    },
  );
  const asked = (method: string, search: string) =>
    route(new Request(`http://localhost/api/callback${search}`, { method }), {
      params: Promise.resolve({}),
    });
  for (const search of ['?state=1', '']) {
    const answer = await asked('HEAD', search);
    expect([answer.status, answer.body, answer.headers.get('allow')]).toEqual([405, null, 'GET']);
  }
  expect(carriedOut).toBe(0);
  expect((await asked('GET', '?state=1')).status).toBe(200);
  expect(carriedOut).toBe(1);
});

it('an answer to GET keeps its body', async () => {
  const { body, cancelled } = source();
  expect(await (await ask('GET', body)).text()).toBe('hello');
  expect(cancelled()).toBe(0);
});

describe.each<Endpoint>([
  { audience: 'tenant', permission: 'reports:read', shape: { form: 'route' } },
  { audience: 'staff', role: 'support', shape: { form: 'route' } },
])('HEAD to an endpoint of the $audience', (endpoint) => {
  /** One that says how often it was carried out, for somebody who may ask or may not. */
  const endpointFor = (caller: () => Promise<string>) => {
    let carriedOut = 0;
    const route = declareRoute(endpoint, {}, caller, async () => {
      carriedOut += 1;
      return new Response('id,name\r\n', { headers: { 'content-type': 'text/csv' } });
    });
    const asked = (method: string) =>
      route(new Request('http://localhost/api/reports/1/csv', { method }), {
        params: Promise.resolve({}),
      });
    return { asked, carriedOut: () => carriedOut };
  };

  it('is refused with the method that there is, and nothing is made or put on record', async () => {
    const { asked, carriedOut } = endpointFor(async () => 'somebody');
    const answer = await asked('HEAD');
    expect([answer.status, answer.body]).toEqual([405, null]);
    expect(answer.headers.get('allow')).toBe('GET');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-request-id')).toEqual(expect.any(String));
    expect(carriedOut()).toBe(0);
  });

  it('says no more than GET to whoever may not know of it', async () => {
    const { asked, carriedOut } = endpointFor(() => Promise.reject(notFound()));
    const [head, get] = [await asked('HEAD'), await asked('GET')];
    expect([head.status, head.headers.get('allow')]).toEqual([404, null]);
    expect(get.status).toBe(404);
    expect(carriedOut()).toBe(0);
  });

  it('leaves GET as it is', async () => {
    const { asked, carriedOut } = endpointFor(async () => 'somebody');
    expect(await (await asked('GET')).text()).toBe('id,name\r\n');
    expect(carriedOut()).toBe(1);
  });
});
