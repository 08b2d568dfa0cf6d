import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '@/emulators';
import { collect, connectAs } from '@/emulators/testing';
import type { ExternallySharedFile } from '../provider';

const olivia = 'olivia@northwind.example';

let emulator: Emulator;
let shared: readonly ExternallySharedFile[];

beforeAll(async () => {
  emulator = await startEmulator({ seed: { amounts: { [olivia]: { files: 900 } } } });
  const { client } = await connectAs(emulator, olivia);
  const files = client.files;
  if (!files) throw new Error('Google has files');
  shared = await collect(files.externallySharedFiles(['Northwind.example']));
});
afterAll(() => emulator.close());

describe('files shared outside', () => {
  it('are those with a link, a foreign domain or a foreign person', () => {
    const kinds = new Set(shared.flatMap(({ grants }) => grants.map((grant) => grant.with)));
    expect(kinds).toEqual(new Set(['anyone', 'domain', 'person']));
    expect(shared.length).toBeGreaterThan(60);
    expect(shared.length).toBeLessThan(200);
  });

  it('name nobody of one’s own domain', () => {
    const targets = shared.flatMap(({ grants }) => grants.map(({ target }) => target));
    expect(targets.filter((target) => target?.endsWith('northwind.example'))).toEqual([]);
  });

  it('are one’s own, each once', () => {
    expect(new Set(shared.map(({ owner }) => owner))).toEqual(new Set([olivia]));
    expect(new Set(shared.map(({ id }) => id)).size).toBe(shared.length);
  });

  it('were looked for page by page', () => {
    expect(emulator.requests({ path: '/drive/v3/files' })).toHaveLength(5);
  });
});
