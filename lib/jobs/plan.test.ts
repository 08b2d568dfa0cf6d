import { cron, type InngestFunction } from 'inngest';
import { describe, expect, it } from 'vitest';
import { inngest } from './client';
import { UnsupportedFunctionError } from './errors';
import { nextCronTime, readPlan } from './plan';
import { openWire } from './protocol';

type Options = Parameters<typeof inngest.createFunction>[0];

async function plansOf(options: Partial<Options>) {
  const fn: InngestFunction.Any = inngest.createFunction(
    { id: 'fn', triggers: [{ event: 'a' }], ...options },
    async () => {},
  );
  return (await openWire(inngest, [fn], 1_000).configurations()).map(readPlan);
}

describe('a plan', () => {
  it('reads what the SDK would tell Inngest', async () => {
    const [plan, failure] = await plansOf({
      triggers: [
        { event: 'a' },
        { event: 'b', if: "event.data.kind == 'x'" },
        { cron: '0 3 * * *' },
      ],
      retries: 1,
      concurrency: [{ limit: 9 }, { limit: 2, key: 'event.data.tenantId' }],
      throttle: { limit: 4, period: '1m', burst: 2, key: 'event.data.tenantId' },
      cancelOn: [{ event: 'stop', match: 'data.id' }, { event: 'halt' }],
      idempotency: 'event.data.id',
      onFailure: async () => {},
    });
    expect(plan).toEqual({
      id: 'tenantry-fn',
      triggers: [
        { event: 'a', only: undefined },
        { event: 'b', only: { path: ['data', 'kind'], value: 'x' } },
      ],
      crons: ['0 3 * * *'],
      maxAttempts: 2,
      concurrency: { total: 9, perKey: { limit: 2, path: ['data', 'tenantId'] } },
      throttle: { intervalMs: 15_000, burst: 2, path: ['data', 'tenantId'] },
      cancelOn: [
        { event: 'stop', match: { first: ['data', 'id'], later: ['data', 'id'] } },
        { event: 'halt', match: undefined },
      ],
      idempotency: ['data', 'id'],
    });
    expect(failure).toMatchObject({
      id: 'tenantry-fn-failure',
      triggers: [
        {
          event: 'inngest/function.failed',
          only: { path: ['data', 'function_id'], value: 'tenantry-fn' },
        },
      ],
      maxAttempts: 2,
    });
  });

  it('has four attempts and no limits when the function says nothing', async () => {
    const [plan] = await plansOf({});
    expect(plan).toMatchObject({ maxAttempts: 4, concurrency: { total: null, perKey: null } });
  });
});

describe('a function that asks for more than the engine does is refused by name', () => {
  const cases: Record<string, { options: Partial<Options>; option: string }> = {
    debounce: { options: { debounce: { period: '1s' } }, option: 'debounce' },
    batching: { options: { batchEvents: { maxSize: 2, timeout: '1s' } }, option: 'batchEvents' },
    priority: { options: { priority: { run: '1' } }, option: 'priority' },
    'rate limit': { options: { rateLimit: { limit: 1, period: '1s' } }, option: 'rateLimit' },
    singleton: { options: { singleton: { mode: 'skip' } }, option: 'singleton' },
    timeouts: { options: { timeouts: { finish: '1m' } }, option: 'timeouts' },
    'a trigger condition': {
      options: { triggers: [{ event: 'a', if: 'event.data.n > 3' }] },
      option: 'triggers.if',
    },
    'a wildcard trigger': { options: { triggers: [{ event: 'a/*' }] }, option: 'triggers.event' },
    'an event of Inngest itself': {
      options: { triggers: [{ event: 'inngest/function.finished' }] },
      option: 'triggers.event',
    },
    'cron jitter': {
      options: { triggers: [Object.assign(cron('* * * * *'), { jitter: '10s' })] },
      option: 'triggers.0.jitter',
    },
    'a cron that is none': {
      options: { triggers: [{ cron: 'at noon' }] },
      option: 'triggers.cron',
    },
    'a cron that never fires': {
      options: { triggers: [{ cron: '0 0 30 2 *' }] },
      option: 'triggers.cron',
    },
    'a computed concurrency key': {
      options: { concurrency: { limit: 1, key: "event.data.a + '-' + event.data.b" } },
      option: 'concurrency.key',
    },
    'concurrency over the account': {
      options: { concurrency: { limit: 1, scope: 'account', key: 'event.data.a' } },
      option: 'concurrency',
    },
    'two keyed limits': {
      options: {
        concurrency: [
          { limit: 1, key: 'event.data.a' },
          { limit: 1, key: 'event.data.b' },
        ],
      },
      option: 'concurrency',
    },
    'a computed throttle key': {
      options: { throttle: { limit: 1, period: '1s', key: 'size(event.data.a)' } },
      option: 'throttle.key',
    },
    'a computed idempotency key': {
      options: { idempotency: 'event.data.a + event.data.b' },
      option: 'idempotency',
    },
    'a cancel condition': {
      options: { cancelOn: [{ event: 'b', if: 'async.data.n > 1' }] },
      option: 'cancelOn.if',
    },
    'a cancel timeout': {
      options: { cancelOn: [{ event: 'b', timeout: '1h' }] },
      option: 'cancel.0.timeout',
    },
  };

  it.each(Object.entries(cases))('%s', async (_name, { options, option }) => {
    const refusal = await plansOf(options).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UnsupportedFunctionError);
    expect(refusal).toMatchObject({ functionId: 'tenantry-fn', option });
    expect((refusal as Error).message).toContain('tenantry-fn');
  });
});

describe('the next time of a schedule', () => {
  it('is in UTC unless the expression names a zone', () => {
    const after = new Date('2026-01-10T10:00:00Z');
    expect(nextCronTime('0 12 * * *', after)).toEqual(new Date('2026-01-10T12:00:00Z'));
    expect(nextCronTime('TZ=Europe/Paris 0 12 * * *', after)).toEqual(
      new Date('2026-01-10T11:00:00Z'),
    );
  });

  it('follows the zone into summer time', () => {
    const after = new Date('2026-03-29T00:00:00Z');
    expect(nextCronTime('TZ=Europe/Paris 0 12 * * *', after)).toEqual(
      new Date('2026-03-29T10:00:00Z'),
    );
  });
});
