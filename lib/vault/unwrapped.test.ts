import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { newId, type StoredKey, type TenantId } from '@/db';
import { holdKeys } from './current-key';
import type { KeyEncryptionKey } from './key-encryption-key';
import { awsService, type TestService } from './testing/kms/services';
import { forgetKeys, unwrap, wrapContext } from './unwrapped';

const minute = 60_000;
let service: TestService;
let kek: KeyEncryptionKey;
let row: StoredKey;
const bytes = randomBytes(32);

beforeAll(async () => {
  service = await awsService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  kek = service.key();
  holdKeys(kek);
  forgetKeys();
  const tenantId = newId<TenantId>();
  row = {
    tenantId,
    id: tenantId,
    generation: 1,
    wrapped: await kek.wrap(bytes, wrapContext(tenantId, tenantId)),
    keyEncryptionKeyId: kek.id,
    createdAt: new Date(),
  };
});
afterEach(() => {
  service.server.fault = 'none';
  vi.useRealTimers();
});

const asked = () => service.server.calls.length;
const later = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

it('a key is unwrapped once, however many calls want it at once and after', async () => {
  const before = asked();
  await Promise.all(Array.from({ length: 50 }, () => unwrap(row)));
  expect(Buffer.from((await unwrap(row)).bytes)).toEqual(bytes);
  expect(asked() - before).toBe(1);
});

it('a key is asked for again after five minutes', async () => {
  await unwrap(row);
  const before = asked();
  later(5 * minute);
  await unwrap(row);
  expect(asked() - before).toBe(1);
});

it('an outage does not close what is open, and the service is left alone between attempts', async () => {
  await unwrap(row);
  service.server.fault = 'broken';
  later(6 * minute);
  const before = asked();
  for (let call = 0; call < 20; call += 1) {
    expect(Buffer.from((await unwrap(row)).bytes)).toEqual(bytes);
  }
  expect(asked() - before).toBe(2);
  service.server.fault = 'none';
  later(11_000);
  await unwrap(row);
  expect(asked() - before).toBe(3);
});

it('an outage of eight hours closes what was open', async () => {
  await unwrap(row);
  service.server.fault = 'broken';
  later(8 * 60 * minute);
  await expect(unwrap(row)).rejects.toMatchObject({ fault: 'key_service_unavailable' });
});

it('a key that was switched off is obeyed at once, not kept as in an outage', async () => {
  await unwrap(row);
  service.server.fault = 'disabled';
  later(5 * minute);
  await expect(unwrap(row)).rejects.toMatchObject({ fault: 'key_refused' });
  service.server.fault = 'broken';
  await expect(unwrap(row)).rejects.toMatchObject({ fault: 'key_service_unavailable' });
});

it('a key wrapped by one that is not at hand names it and those that are', async () => {
  const strange = {
    ...row,
    wrapped: `${row.wrapped} `,
    keyEncryptionKeyId: 'local-0123456789abcdef',
  };
  await expect(unwrap(strange)).rejects.toMatchObject({
    fault: 'key_wrong',
    message: expect.stringMatching(/local-0123456789abcdef.*aws-kms:/),
  });
});
