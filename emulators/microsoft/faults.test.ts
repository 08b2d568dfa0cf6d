import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../index';
import { RawClient, tids } from './testing';

const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';

let emulator: Emulator;
let client: RawClient;
let person: string;
let app: string;
beforeAll(async () => {
  emulator = await startEmulator('microsoft');
  client = new RawClient(emulator.url);
  person = (await client.signIn(olivia)).access_token;
  await client.adminConsent({ email: olivia });
  app = (await client.appToken(tids.northwind)).body.access_token;
});
afterAll(() => emulator.close());

describe('a batch', () => {
  const step = (id: number, url: string) => ({ id: String(id), method: 'GET', url });

  it('answers each step as it would be by itself', async () => {
    const requests = [
      step(1, `/users/${victor}?$select=id,mail`),
      step(2, '/users/nobody@northwind.example'),
      step(3, '/groups'),
    ];
    const { body } = await client.graph(app, '/$batch', { method: 'POST', body: { requests } });
    expect(body.responses).toMatchObject([
      { id: '1', status: 200, body: { mail: victor } },
      { id: '2', status: 404 },
      { id: '3', status: 403 },
    ]);
  });

  it('has twenty steps at most', async () => {
    const requests = Array.from({ length: 21 }, (_, index) => step(index, '/organization'));
    const answer = await client.graph(app, '/$batch', { method: 'POST', body: { requests } });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'MaximumValueExceeded']);
  });
});

describe('a named fault', () => {
  it.each([
    ['throttle', 429, { 'retry-after': '20' }],
    ['throttle_silent', 429, {}],
    ['unavailable', 503, {}],
    [
      'claims_challenge',
      401,
      { 'www-authenticate': expect.stringContaining('insufficient_claims') },
    ],
    ['throttle_near', 200, { 'x-ms-throttle-limit-percentage': '1.3' }],
  ])('%s answers %i', async (name, status, headers) => {
    emulator.preset(name, { account: olivia, times: 1 });
    const answer = await client.graph(person, '/me');
    expect([answer.status, Object.fromEntries(answer.headers)]).toMatchObject([status, headers]);
    expect((await client.graph(person, '/me')).status).toBe(200);
  });

  it('throttle_date says when, as a date', async () => {
    emulator.preset('throttle_date', { times: 1 });
    const { headers } = await client.graph(person, '/me');
    const ahead = Date.parse(headers.get('retry-after') ?? '') - Date.now();
    expect(ahead).toBeGreaterThan(15_000);
  });

  it('drip still gives the whole answer', async () => {
    emulator.fault({ path: '/v1.0/me', times: 1, drip: { bytes: 200, every: 1 } });
    expect((await client.graph(person, '/me')).body).toMatchObject({ userPrincipalName: olivia });
  });
});
