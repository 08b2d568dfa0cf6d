import { afterEach, expect, it, vi } from 'vitest';
import { contextToken, perToken } from './context-token';
import { newId, type TenantId } from './ids';

afterEach(() => {
  vi.useRealTimers();
});

const tenants = () => Array.from({ length: 3 }, () => newId<TenantId>());

it('is of the tenant it was asked for, however often one is used again', () => {
  const all = tenants();
  for (let round = 0; round < 3; round += 1) {
    for (const tenant of all) expect(contextToken('key', tenant).slice(8, 44)).toBe(tenant);
  }
});

it('is used again for five minutes, and made anew while it still holds for five', () => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  const [tenant] = tenants() as [TenantId];
  const first = contextToken('key', tenant);
  vi.setSystemTime(1_800_000_299_000);
  expect(contextToken('key', tenant)).toBe(first);
  vi.setSystemTime(1_800_000_301_000);
  expect(Number(contextToken('key', tenant).slice(44, 54))).toBe(1_800_000_901);
});

it('is made anew for another key', () => {
  const [tenant] = tenants() as [TenantId];
  expect(contextToken('one', tenant)).not.toBe(contextToken('two', tenant));
  expect(contextToken('one', tenant)).toBe(contextToken('one', tenant));
});

it('is kept while many others come, and not for ever', () => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  let made = 0;
  const count = perToken(() => {
    made += 1;
  });
  const all = Array.from({ length: 12_000 }, () => newId<TenantId>());
  for (const tenant of all) count('key', tenant);
  for (const tenant of all) count('key', tenant);
  expect(made).toBe(all.length);
  for (let at = 0; at < 20_000; at += 1) count('key', newId<TenantId>());
  count('key', all[0] as TenantId);
  expect(made).toBe(all.length + 20_000 + 1);
});
