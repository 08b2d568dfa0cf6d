import { beforeAll, expect, it, vi } from 'vitest';
import { type UserId, withIdentity } from '@/db';
import { testDatabase } from '@/db/testing';
import { beginEnrolment, openEnrolment } from '@/lib/second-factor';
import { keyStore } from '@/lib/vault';
import { holdTestKeys, newTestKey } from '@/lib/vault/testing';
import { checkKeys, keyStatus, rotateWrapping } from '.';

vi.stubEnv('LOG_LEVEL', 'silent');
const database = testDatabase();
const [first, second] = [newTestKey(), newTestKey()];
const email = 'jo@harbour.example';
let userId: UserId;

beforeAll(async () => {
  holdTestKeys(first);
  const { canaryOf } = await import('@/lib/vault');
  const canary = await canaryOf(first);
  await withIdentity((tx) =>
    keyStore().setState(tx, { keyEncryptionKeyId: first.id, canary, rotationSince: null }),
  );
  ({ userId } = await database.createMember(await database.createTenant(), { email }));
  await beginEnrolment(userId);
});

it('a second factor follows the wrapping key, and is counted with what it wraps', async () => {
  const before = await openEnrolment({ userId, email });
  holdTestKeys(second, first);
  expect((await keyStatus()).wrappings).toMatchObject([
    { keyEncryptionKeyId: first.id, people: 1 },
  ]);
  expect(await rotateWrapping()).toMatchObject({ from: first.id, to: second.id, rewrapped: 1 });
  // The former key is destroyed.
  holdTestKeys(second);
  expect(await openEnrolment({ userId, email })).toEqual(before);
});

it('one whose key is not configured is found by the doctor', async () => {
  holdTestKeys(first);
  const { findings } = await checkKeys();
  expect(JSON.stringify(findings)).toContain('0 keys of organisations and 1 second factors');
});
