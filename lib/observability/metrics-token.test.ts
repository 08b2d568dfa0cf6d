import { beforeEach, describe, expect, it, vi } from 'vitest';

const token = 'a-long-enough-token';

async function tryWith(settings: Record<string, string>, authorization: string | null) {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const { requireMetricsToken } = await import('./metrics-token');
  try {
    requireMetricsToken(authorization);
    return 'let in';
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

describe('requireMetricsToken', () => {
  // The environment is read once; each case reads its own.
  beforeEach(() => {
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  it('lets in who holds the token', async () => {
    expect(await tryWith({ METRICS_TOKEN: token }, `Bearer ${token}`)).toBe('let in');
  });

  it.each([null, '', token, `Bearer ${token}x`])('refuses %j', async (authorization) => {
    expect(await tryWith({ METRICS_TOKEN: token }, authorization)).toBe('unauthenticated');
  });

  it('is open in a demo and absent in production when there is no token', async () => {
    expect(await tryWith({}, null)).toBe('let in');
    vi.resetModules();
    expect(await tryWith({ TENANTRY_MODE: 'production' }, null)).toBe('not_found');
  });
});
