import { describe, expect, it } from 'vitest';
import { addLogContext, withLogContext } from './context';
import { createLogger } from './logger';

function collecting() {
  const lines: string[] = [];
  const logger = createLogger({
    level: 'info',
    destination: { write: (line: string) => void lines.push(line) },
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('logger', () => {
  it('adds the ids of the work at hand, also across awaits', async () => {
    const { logger, last } = collecting();
    await withLogContext({ requestId: 'r1', tenantId: 't1' }, async () => {
      await Promise.resolve();
      withLogContext({ runId: 'run1' }, () => logger.info('deep'));
    });
    expect(last()).toMatchObject({
      request_id: 'r1',
      tenant_id: 't1',
      run_id: 'run1',
      msg: 'deep',
    });
  });

  it('adds what becomes known on the way, and forgets it with the work', () => {
    const { logger, last } = collecting();
    withLogContext({ requestId: 'r1' }, () => {
      addLogContext({ tenantId: 't1' });
      logger.info('now known');
    });
    expect(last()).toMatchObject({ request_id: 'r1', tenant_id: 't1' });
    addLogContext({ tenantId: 't2' });
    logger.info('outside');
    expect(last()).not.toHaveProperty('tenant_id');
  });

  it('adds none outside of any work', () => {
    const { logger, last } = collecting();
    logger.info('alone');
    expect(last()).not.toHaveProperty('request_id');
  });

  it('writes no secret, wherever it is put', () => {
    const { logger, lines } = collecting();
    const secret = 'c4n4ry-s3cret';
    const error = Object.assign(new Error(`Bearer ${secret}`), { response: { data: secret } });
    logger.error({ err: error, nested: { token: secret } }, `Bearer ${secret}`);
    logger.error(error);
    logger.child({ password: secret }).info({ list: [{ cookie: secret }] }, 'child');
    logger.info({ url: `https://x.test/?access_token=${secret}` }, 'url');
    expect(lines).toHaveLength(4);
    expect(lines.join('')).not.toContain(secret);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });
});
