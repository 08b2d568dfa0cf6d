import { hkdfSync, randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, compactDecrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Personal } from './leaf';
import { eventKey, eventKeys, keyBytes, openPersonal, sealPersonal } from './personal';

const tenantId = '019a0000-0000-7000-8000-000000000001';
const eventId = '019a0000-0000-7000-8000-000000000002';
const personal: Personal = {
  actorName: 'Ada Example',
  targetName: 'Grüße 🙂 "x"',
  ipAddress: null,
  userAgent: 'Mozilla/5.0',
  details: '{"after": "degraded"}',
};

describe('the key of an event', () => {
  it('is HKDF (RFC 5869) of the organisation’s', () => {
    const tenantKey = randomBytes(keyBytes);
    const keyOf = eventKeys(tenantKey, tenantId);
    for (const id of [eventId, tenantId, '']) {
      const expected = hkdfSync('sha256', tenantKey, tenantId, `tenantry.audit-leaf/1 ${id}`, 32);
      expect(Buffer.from(keyOf(id))).toEqual(Buffer.from(expected));
      expect(eventKey(tenantKey, tenantId, id)).toEqual(keyOf(id));
    }
  });
});

describe('what is personal', () => {
  const key = eventKey(randomBytes(keyBytes), tenantId, eventId);

  it('is sealed as any JOSE library opens it, under the key’s thumbprint', async () => {
    const opened = await compactDecrypt(sealPersonal(key, personal), key);
    expect(JSON.parse(Buffer.from(opened.plaintext).toString('utf8'))).toEqual(personal);
    const k = Buffer.from(key).toString('base64url');
    const kid = await calculateJwkThumbprint({ kty: 'oct', k });
    expect(opened.protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid });
  });

  it('never looks the same twice', () => {
    expect(sealPersonal(key, personal)).not.toBe(sealPersonal(key, personal));
  });

  it('opens with its own key alone, and not once a character of it is another', async () => {
    const sealed = sealPersonal(key, personal);
    expect(await openPersonal(key, sealed)).toEqual(personal);
    expect(await openPersonal(randomBytes(keyBytes), sealed)).toBeNull();
    const parts = sealed.split('.');
    for (const at of [0, 2, 3, 4]) {
      const part = parts[at] ?? '';
      const changed = `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}`;
      expect(await openPersonal(key, parts.with(at, changed).join('.'))).toBeNull();
    }
  });
});
