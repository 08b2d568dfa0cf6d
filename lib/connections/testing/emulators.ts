import { afterAll, beforeAll } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { holdTestKey } from '@/lib/vault/testing';

/**
 * A stand-in for Microsoft or Slack and a vault key for this test file. Call it before
 * `testDatabase()`: the environment is read once.
 */
export function testProvider(name: 'microsoft' | 'slack'): () => Emulator {
  let emulator: Emulator | undefined;
  beforeAll(async () => {
    emulator = await startEmulator(name);
    process.env[`${name.toUpperCase()}_EMULATOR_URL`] = emulator.url;
    holdTestKey();
  });
  afterAll(() => emulator?.close());
  return () => {
    if (!emulator) throw new Error('The emulator is there from beforeAll on.');
    return emulator;
  };
}
