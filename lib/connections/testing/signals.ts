import { beforeAll, beforeEach, expect } from 'vitest';
import { type TestDatabase, testDatabase } from '@/db/testing';
import { forgetFaults } from '@/lib/app-faults/gate';
import type { Authority, ProviderKey } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { testMember } from '.';
import {
  apiPaths,
  connectTo,
  endToken,
  readOnce,
  requestsTo,
  standing,
  testProviders,
  tokenPaths,
} from './world';

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: object;
}

/** An organisation and all providers; no connection, fault or doubt is left over from the last test. */
class SignalWorld {
  readonly emulators = testProviders('google', 'microsoft', 'slack');
  readonly database: TestDatabase = testDatabase();
  context!: MemberContext;

  async open(): Promise<void> {
    this.context = await testMember(this.database);
  }

  async clear(): Promise<void> {
    for (const emulator of Object.values(this.emulators)) emulator.clearFaults();
    for (const table of ['connections', 'provider_app_faults', 'provider_app_doubts', 'alerts']) {
      await this.database.owner.query(`delete from ${table}`);
    }
    forgetFaults();
  }

  /** What happens to a working connection when the token endpoint, or the API, answers so. */
  stateAfter = async (
    provider: ProviderKey,
    at: 'token' | 'api',
    answer: Answer,
    authority?: Authority,
  ): Promise<string> => {
    const { database, emulators } = this;
    const id = await connectTo(this.context, provider, authority);
    // A consent of a moment ago is given a second chance where that may help.
    await database.owner.query(
      `update connections set state_changed_at = now() - interval '1 hour' where id = $1`,
      [id],
    );
    if (at === 'token') await endToken(database, id);
    emulators[provider].clearRequests();
    const path = at === 'token' ? tokenPaths[provider] : apiPaths[provider];
    emulators[provider].fault({ path, ...answer } as never);
    await readOnce(this.context, id).catch(() => undefined);
    const { state, moves } = await standing(database, id);
    expect(moves).toBe(state === 'active' ? 0 : 1);
    return state;
  };

  /** Faults of our own client that are open. */
  faults = async (): Promise<readonly object[]> =>
    (await this.database.owner.query('select provider, code from provider_app_faults')).rows;

  /** How often a token was asked for. */
  posts = (provider: ProviderKey): number =>
    requestsTo(this.emulators[provider], tokenPaths[provider]);
}

/** A world for this test file. */
export function signalWorld(): SignalWorld {
  const world = new SignalWorld();
  beforeAll(() => world.open());
  beforeEach(() => world.clear());
  return world;
}
