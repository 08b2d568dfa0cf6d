import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { type Authority, findWay, type ProviderKey } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKeyFile } from '@/lib/vault/testing';
import { testMember } from './testing';
import { nextLine, startProcess } from './testing/process';
import {
  connectTo,
  endToken,
  requestsTo,
  standing,
  testProviders,
  tokenPaths,
} from './testing/world';
import { accessToken } from './tokens';

const emulators = testProviders('google', 'microsoft', 'slack');
const database = testDatabase();
const directory = mkdtempSync(join(tmpdir(), 'tenantry-processes-'));
const keyFile = join(directory, 'kek');
let context: MemberContext;

beforeAll(async () => {
  holdTestKeyFile(keyFile);
  context = await testMember(database);
});
beforeEach(() => {
  for (const emulator of Object.values(emulators)) emulator.clearFaults();
});
afterAll(() => rmSync(directory, { recursive: true }));

const authorityOf = (provider: ProviderKey): Authority =>
  provider === 'slack' ? 'application' : 'delegated';

function start(id: ConnectionId, provider: ProviderKey, count: number, ...ending: string[]) {
  const authority = authorityOf(provider);
  const { tenantId } = context;
  return startProcess(
    'refresh-process.ts',
    [tenantId, id, provider, authority, String(count), ...ending],
    { KEY_FILE: keyFile },
  );
}

/** A connection whose token is over, and no request on the provider's record. */
async function ended(provider: ProviderKey): Promise<ConnectionId> {
  const id = await connectTo(context, provider);
  await endToken(database, id);
  emulators[provider].clearRequests();
  return id;
}

const posts = (provider: ProviderKey) => requestsTo(emulators[provider], tokenPaths[provider]);

function token(id: ConnectionId, provider: ProviderKey): Promise<string> {
  const way = findWay(provider, authorityOf(provider));
  if (!way) throw new Error('there is no such way');
  return accessToken({ context, connectionId: id, way, fetch });
}

describe('a hundred who want a token that is over, in two processes', () => {
  // Slack takes each refresh token once: a second request would lose the authority.
  it.each<ProviderKey>(['slack', 'google', 'microsoft'])(
    'make one token request at %s',
    async (provider) => {
      const id = await ended(provider);
      emulators[provider].fault({ path: tokenPaths[provider], delay: 300 });
      const processes = [1, 2].map(() => start(id, provider, 50));
      for (const one of processes) expect(await nextLine(one)).toBe('ready');
      const exits = processes.map(({ child }) => once(child, 'exit'));
      for (const { child } of processes) child.stdin.write('go\n');
      const lines = await Promise.all(processes.map(nextLine));
      await Promise.all(exits);
      expect(posts(provider)).toBe(1);
      expect(lines[0]).toBe(lines[1]);
      expect(lines[0]).toMatch(/^50 \S+$/);
    },
  );
});

describe('a process killed between the provider’s answer and our record of it', () => {
  /** What the next one finds, once the dead one's lease is over. */
  async function killed(provider: ProviderKey): Promise<ConnectionId> {
    const id = await ended(provider);
    const dying = start(id, provider, 1, 'dies');
    expect(await nextLine(dying)).toBe('ready');
    const exit = once(dying.child, 'exit');
    dying.child.stdin.write('go\n');
    expect(await exit).toEqual([null, 'SIGKILL']);
    expect(posts(provider)).toBe(1);
    await database.owner.query(
      `update credentials set refresh_lease_until = now() - interval '1 second'
        where connection_id = $1 and refresh_lease is not null`,
      [id],
    );
    return id;
  }

  it.each<ProviderKey>(['google', 'microsoft'])(
    'costs nothing at %s, where the old refresh token still works',
    async (provider) => {
      const id = await killed(provider);
      expect(await token(id, provider)).toMatch(/\S/);
      expect(await standing(database, id)).toEqual({ state: 'active', reason: null, moves: 0 });
      expect(posts(provider)).toBe(2);
    },
  );

  it('costs nothing at Slack either, within the grace of a used token', async () => {
    const id = await killed('slack');
    expect(await token(id, 'slack')).toMatch(/\S/);
    expect(await standing(database, id)).toEqual({ state: 'active', reason: null, moves: 0 });
    expect(posts('slack')).toBe(2);
  });

  it('costs the authority at Slack after it, having tried, and says why', async () => {
    const id = await killed('slack');
    await emulators.slack.act('end_grace', 'northwind');
    await expect(token(id, 'slack')).rejects.toMatchObject({ kind: 'needs_reconsent' });
    expect(posts('slack')).toBe(2);
    const { state, reason, moves } = await standing(database, id);
    expect({ state, moves }).toEqual({ state: 'needs_reconsent', moves: 1 });
    expect(reason).toMatch(/interrupted while renewing.*Nobody has withdrawn anything/);
  });

  it('at Slack without that says that it was withdrawn', async () => {
    const id = await ended('slack');
    emulators.slack.revoke('northwind');
    await expect(token(id, 'slack')).rejects.toMatchObject({ kind: 'needs_reconsent' });
    expect((await standing(database, id)).reason).not.toMatch(/interrupted/);
  });
});
