import { afterAll, describe, expect, it } from 'vitest';
import { markStopping } from './lifecycle';
import { readiness, registerReadinessCheck } from './readiness';

describe('readiness', () => {
  // Last state of this process: the flag has no way back, as in a real stop.
  afterAll(() => markStopping());

  it('is not ready before anything has registered', async () => {
    expect(await readiness()).toEqual({ ready: false, parts: {} });
  });

  it('is ready when every part is well', async () => {
    registerReadinessCheck('database', async () => undefined);
    expect(await readiness()).toEqual({ ready: true, parts: { database: 'ok' } });
  });

  it('names the part that fails and says nothing of why', async () => {
    registerReadinessCheck('engine', () => Promise.reject(new Error('at 10.0.0.1')));
    expect(await readiness()).toEqual({
      ready: false,
      parts: { database: 'ok', engine: 'failing' },
    });
    registerReadinessCheck('engine', async () => undefined);
  });

  it('is not ready once the process is stopping', async () => {
    expect((await readiness()).ready).toBe(true);
    markStopping();
    expect((await readiness()).ready).toBe(false);
  });
});
