import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { VaultError } from '../errors';
import {
  awsService,
  azureService,
  googleService,
  type TestService,
  transitService,
} from '../testing/kms/services';

const context = { purpose: 'tenant-key', tenant: 'tenant-1', key: 'key-1' };
const secret = randomBytes(32);

async function refusal(attempt: Promise<unknown>): Promise<VaultError> {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VaultError)) throw new Error('it did not refuse', { cause: error });
  return error;
}

describe.each([
  ['AWS KMS', awsService],
  ['Google Cloud KMS', googleService],
  ['Azure Key Vault', azureService],
  ['Vault', transitService],
])('a key in %s', (name, begin: () => Promise<TestService>) => {
  let service: TestService;
  beforeAll(async () => {
    service = await begin();
  });
  afterEach(() => {
    service.server.fault = 'none';
  });
  afterAll(() => service.stop());

  it('unwraps what it wrapped, for another process too', async () => {
    const wrapped = await service.key().wrap(secret, context);
    expect(wrapped).not.toContain(secret.toString('base64'));
    expect(await service.key().unwrap(wrapped, context)).toEqual(secret);
  });

  it('takes the same context in another order', async () => {
    const wrapped = await service.key().wrap(secret, context);
    const turned = { key: 'key-1', tenant: 'tenant-1', purpose: 'tenant-key' };
    expect(await service.key().unwrap(wrapped, turned)).toEqual(secret);
  });

  it.each([
    ['another tenant', { ...context, tenant: 'tenant-2' }],
    ['another key', { ...context, key: 'key-2' }],
    ['another purpose', { ...context, purpose: 'canary' }],
    ['no purpose', { tenant: 'tenant-1', key: 'key-1' }],
  ])('refuses what was wrapped for %s', async (_what, other) => {
    const wrapped = await service.key().wrap(secret, context);
    const { fault } = await refusal(service.key().unwrap(wrapped, other));
    expect(['key_wrong', 'context_mismatch']).toContain(fault);
  });

  it('refuses what was altered', async () => {
    const wrapped = await service.key().wrap(secret, context);
    const altered = wrapped.replace(/.{6}$/, 'AAAA==');
    const { fault } = await refusal(service.key().unwrap(altered, context));
    expect(['key_wrong', 'unreadable', 'key_service_unavailable']).toContain(fault);
  });

  it('shows who we are with each call', async () => {
    await service.key().wrap(secret, context);
    const headers = service.server.calls.at(-1)?.headers;
    expect(headers?.['x-vault-token'] ?? headers?.authorization).toMatch(service.signed);
  });

  it('that is not there is refused with what to do', async () => {
    const error = await refusal(service.otherKey().wrap(secret, context));
    expect(error.fault).toBe('key_refused');
    expect(error.message).toMatch(/See that/);
  });

  it('that was switched off is refused with what to do, and asked once', async () => {
    const wrapped = await service.key().wrap(secret, context);
    service.server.fault = 'disabled';
    const before = service.server.calls.length;
    const error = await refusal(service.key().unwrap(wrapped, context));
    expect(error).toMatchObject({ fault: 'key_refused', message: expect.stringContaining(name) });
    expect(error.message).not.toContain('a message of');
    expect(service.server.calls.length - before).toBeLessThanOrEqual(2);
  });

  it.each(['throttled', 'broken'] as const)(
    'that is %s is asked twice, and no more',
    async (fault) => {
      const key = service.key();
      const wrapped = await key.wrap(secret, context);
      service.server.fault = fault;
      const before = service.server.calls.length;
      const error = await refusal(key.unwrap(wrapped, context));
      expect(error.fault).toBe('key_service_unavailable');
      expect(service.server.calls.length - before).toBe(2);
    },
  );

  it('answers again after it was throttled', async () => {
    const key = service.key();
    const wrapped = await key.wrap(secret, context);
    service.server.fault = 'throttled';
    const answer = key.unwrap(wrapped, context);
    await expect.poll(() => service.server.calls.length).toBeGreaterThan(0);
    service.server.fault = 'none';
    await answer.catch(() => undefined);
    expect(await key.unwrap(wrapped, context)).toEqual(secret);
  });

  it('that answers nonsense is no key', async () => {
    const wrapped = await service.key().wrap(secret, context);
    service.server.fault = 'garbage';
    await refusal(service.key().unwrap(wrapped, context));
  });

  it('that is silent is given up in time', async () => {
    const wrapped = await service.key().wrap(secret, context);
    service.server.fault = 'silent';
    const from = performance.now();
    const error = await refusal(service.key().unwrap(wrapped, context));
    expect(error.fault).toBe('key_service_unavailable');
    expect(performance.now() - from).toBeLessThan(8_000);
  });
});

describe('Azure Key Vault', () => {
  it('opens with the version that wrapped, and wraps with the latest', async () => {
    const service = await azureService();
    const before = await service.key().wrap(secret, context);
    service.double.rotate();
    const after = await service.key().wrap(secret, context);
    expect(await service.key().unwrap(before, context)).toEqual(secret);
    expect(await service.key().unwrap(after, context)).toEqual(secret);
    const versions = [before, after].map(
      (text) => JSON.parse(Buffer.from(text, 'base64').toString()).version,
    );
    expect(new Set(versions).size).toBe(2);
    await service.stop();
  });
});
