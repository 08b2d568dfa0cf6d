import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { build, fingerprint, isBuilt } from './build';
import { findRunning, forgetRunning, noteRunning } from './running';
import { loadSecrets } from './secrets';

const folders: string[] = [];
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tenantry-start-'));
  folders.push(dir);
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('loadSecrets', () => {
  it('makes them once, for their owner alone', () => {
    const made = loadSecrets(dir);
    expect(loadSecrets(dir)).toEqual(made);
    expect(statSync(join(dir, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('makes others elsewhere', () => {
    const elsewhere = join(dir, 'elsewhere');
    mkdirSync(elsewhere);
    expect(loadSecrets(elsewhere).authSecret).not.toBe(loadSecrets(dir).authSecret);
  });

  it.each(['', '{', '{"authSecret":"short"}'])('refuses %j rather than making new ones', (text) => {
    writeFileSync(join(dir, 'secrets.json'), text);
    expect(() => loadSecrets(dir)).toThrow('cannot be read');
  });
});

describe('findRunning', () => {
  it('finds the start that noted itself, until it is forgotten', () => {
    noteRunning(dir, 'http://localhost:3000');
    expect(findRunning(dir)).toMatchObject({ pid: process.pid, url: 'http://localhost:3000' });
    forgetRunning(dir);
    expect(findRunning(dir)).toBeUndefined();
  });

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, began: '1', url: 'http://localhost:3000' }],
    ['another process under the same id', { pid: process.pid, began: '1', url: 'http://x' }],
    ['something else', { pid: 'x' }],
  ])('takes no notice of %s', (_what, noted) => {
    writeFileSync(join(dir, 'running.json'), JSON.stringify(noted));
    expect(findRunning(dir)).toBeUndefined();
  });
});

describe('fingerprint', () => {
  const write = (path: string, text: string) => {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), text);
  };

  it('follows every source, its name and the lock file', () => {
    const seen = new Set<string>();
    for (const [path, text] of [
      ['app/page.tsx', 'a'],
      ['app/page.tsx', 'b'],
      ['app/other.tsx', 'a'],
      ['package-lock.json', '{}'],
      ['proxy.ts', 'a'],
    ] as const) {
      write(path, text);
      seen.add(fingerprint(dir));
    }
    expect(seen.size).toBe(5);
  });

  it('does not follow tests and what is not built', () => {
    write('lib/a.ts', 'a');
    const before = fingerprint(dir);
    write('lib/a.test.ts', 'a');
    write('lib/testing/a.ts', 'a');
    write('cli/a.ts', 'a');
    write('.data/a.ts', 'a');
    expect(fingerprint(dir)).toBe(before);
  });

  it('is the same in a copy', () => {
    write('lib/a.ts', 'a');
    const copy = `${dir}-copy`;
    folders.push(copy);
    cpSync(dir, copy, { recursive: true });
    expect(fingerprint(copy)).toBe(fingerprint(dir));
  });

  it('is what a build is known by', () => {
    write('lib/a.ts', 'a');
    write('.next/BUILD_ID', 'x');
    expect(isBuilt(dir)).toBe(false);
    write('.next/tenantry-build', fingerprint(dir));
    expect(isBuilt(dir)).toBe(true);
    write('lib/a.ts', 'b');
    expect(isBuilt(dir)).toBe(false);
  });
});

describe('build', () => {
  it('fails with what the build says', async () => {
    const bin = join(dir, 'node_modules/next/dist/bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'next'), "console.log('no such page'); process.exit(3);");
    const building = build(dir, join(dir, 'logs', 'build.log'), new AbortController().signal);
    await expect(building).rejects.toThrow(/could not be built[\s\S]*no such page/);
    expect(isBuilt(dir)).toBe(false);
  });
});
