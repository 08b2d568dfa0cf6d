import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { disconnect } from './disconnect';
import { testMember } from './testing';
import {
  apiPaths,
  connectTo,
  endToken,
  readOnce,
  standing,
  testProviders,
  tokenPaths,
} from './testing/world';

/** A provider that sends our requests on to somebody else: what they carry is not for them. */
const emulators = testProviders('google', 'microsoft', 'slack');
const providers = ['google', 'microsoft', 'slack'] as const;
const database = testDatabase();
let context: MemberContext;
let elsewhere: Server;
let location: string;
let arrived = 0;
let id: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
  elsewhere = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    arrived += 1;
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  location = `http://localhost:${(elsewhere.address() as AddressInfo).port}/`;
});
beforeEach(() => {
  for (const emulator of Object.values(emulators)) emulator.clearFaults();
  arrived = 0;
});
afterAll(() => elsewhere.close());

const statuses = [302, 307, 308];

describe.each(providers)('%s sends us on', (provider) => {
  it.each(statuses)('with %i at a call: nobody follows, and nobody is blamed', async (status) => {
    id = await connectTo(context, provider);
    emulators[provider].fault({
      path: apiPaths[provider],
      ...{ status, body: '', headers: { location } },
    });
    await expect(readOnce(context, id)).rejects.toMatchObject({
      kind: 'invalid_response',
      failure: { status },
    });
    expect(arrived).toBe(0);
    expect(await standing(database, id)).toMatchObject({ state: 'active' });
  });

  it.each(statuses)('with %i at the token endpoint: nobody follows', async (status) => {
    id = await connectTo(context, provider);
    await endToken(database, id);
    emulators[provider].fault({
      path: tokenPaths[provider],
      ...{ status, body: '', headers: { location } },
    });
    await expect(readOnce(context, id)).rejects.toMatchObject({ kind: 'invalid_response' });
    expect(arrived).toBe(0);
    expect(await standing(database, id)).toMatchObject({ state: 'active' });
  });
});

it.each([
  ['google', '/revoke', 'olivia@northwind.example'],
  ['slack', '/api/*', 'Northwind'],
] as const)(
  '%s sends us on as a grant is taken back: nobody follows',
  async (provider, path, name) => {
    await database.owner.query('delete from connections');
    id = await connectTo(context, provider);
    emulators[provider].fault({ path, status: 307, body: '', headers: { location } });
    expect(await disconnect(context, id, name)).toMatchObject({ kept: true, revoked: false });
    expect(arrived).toBe(0);
  },
);
