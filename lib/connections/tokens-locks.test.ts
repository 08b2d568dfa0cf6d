import { beforeAll, expect, it } from 'vitest';
import type { ConnectionId } from '@/db';
import { withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { loadCredential, replaceCredential } from './credentials';
import { lockConnection } from './find';
import { connect, testGoogle, testMember, testWay } from './testing';
import { accessToken } from './tokens';

const google = testGoogle({
  seed: { amounts: { 'olivia@northwind.example': { messages: 2, files: 2 } } },
});
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
  connectionId = await connect(context);
  google.clearRequests();
});

/** Until some transaction waits for another one's row. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await database.owner.query(
      `select 1 from pg_stat_activity where datname = current_database()
          and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
}

it('a refresh that is refused while somebody consents anew waits for them, and takes their token', async () => {
  await database.owner.query('update credentials set access_expires_at = now()');
  const way = testWay();
  let consent: Promise<void> | undefined;
  // The provider refuses, and a consent that locked the connection before is about to be written.
  const refused: typeof fetch = async () => {
    await new Promise<void>((locked) => {
      consent = withTenant(context, async (tx) => {
        await lockConnection(tx, context, connectionId);
        locked();
        await somebodyWaits();
        await replaceCredential(tx, context, connectionId, {
          accessToken: 'of the new consent',
          refreshToken: 'new',
          expiresAt: new Date(Date.now() + 3_600_000),
          scopes: [],
        });
      });
    });
    return Response.json({ error: 'invalid_grant' }, { status: 400 });
  };
  const token = await accessToken({ context, connectionId, way, fetch: refused });
  await consent;
  expect(token).toBe('of the new consent');
  const kept = await withTenant(context, (tx) => loadCredential(tx, context, connectionId));
  expect(kept?.generation).toBe(2);
});
