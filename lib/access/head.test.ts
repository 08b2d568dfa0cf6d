import { describe, expect, it } from 'vitest';
import { publicRoute } from './route';

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

describe('an answer to HEAD', () => {
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

it('an answer to GET keeps its body', async () => {
  const { body, cancelled } = source();
  expect(await (await ask('GET', body)).text()).toBe('hello');
  expect(cancelled()).toBe(0);
});
