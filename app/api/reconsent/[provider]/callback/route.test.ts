import { expect, it } from 'vitest';
import { GET } from './route';

it('HEAD, as a scanner of links sends it, does not use up what the provider answered', async () => {
  const address = 'http://localhost/api/reconsent/google/callback?state=s&code=c';
  const answer = await GET(new Request(address, { method: 'HEAD' }), {
    params: Promise.resolve({ provider: 'google' }),
  });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
});
