import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { releaseOf, sourcesDigest } from '.';
import { isOfRunning } from './contract';

/** A product with these files besides the least that one has. */
function product(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'release-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const least = {
    'app/page.tsx': 'page',
    'components/x.tsx': 'x',
    'db/index.ts': 'doors',
    'drizzle/0000.sql': 'create',
    'lib/env.ts': 'env',
    'proxy.ts': 'proxy',
    'package.json': '{"version":"1.2.3"}',
  };
  for (const [name, text] of Object.entries({ ...least, ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

describe('sourcesDigest', () => {
  it('is the same wherever the same sources lie', () => {
    expect(sourcesDigest(product())).toBe(sourcesDigest(product()));
  });

  it.each(['app/page.tsx', 'db/roles/new.ts', 'drizzle/0001.sql', 'proxy.ts'])(
    'is another when %s is',
    (file) => {
      expect(sourcesDigest(product({ [file]: 'changed' }))).not.toBe(sourcesDigest(product()));
    },
  );

  it.each([
    'docs/trust/isolation.json',
    'db/index.test.ts',
    'db/testing/server.ts',
    'drizzle/meta/0000_snapshot.json',
    '.git/HEAD',
  ])('does not depend on %s', (file) => {
    expect(sourcesDigest(product({ [file]: 'changed' }))).toBe(sourcesDigest(product()));
  });

  it('is not said where sources are missing', () => {
    const root = product();
    rmSync(join(root, 'drizzle'), { recursive: true });
    expect(sourcesDigest(root)).toBeUndefined();
  });
});

describe('releaseOf', () => {
  it('says version, commit and sources', () => {
    const head = '0123456789abcdef0123456789abcdef01234567';
    const root = product({ '.git/HEAD': 'ref: refs/heads/main', '.git/refs/heads/main': head });
    expect(releaseOf(root)).toEqual({
      version: '1.2.3',
      commit: head,
      sourcesDigest: sourcesDigest(root),
    });
  });

  it('says no commit without a repository', () => {
    expect(releaseOf(product())).not.toHaveProperty('commit');
  });
});

describe('isOfRunning', () => {
  const report = { version: '1.0.0', commit: 'aaaaaaaaaaaa', sourcesDigest: 'one' };

  it.each([
    ['yes', 'the same sources under a later commit', { commit: 'bbbb', sourcesDigest: 'one' }],
    ['no', 'other sources of the same version', { commit: 'aaaaaaaaaaaa', sourcesDigest: 'two' }],
    ['yes', 'the same commit, sources unknown', { commit: 'aaaaaaaaaaaabbbbbbbb' }],
    ['unknown', 'another commit, sources unknown', { commit: 'bbbb' }],
    ['unknown', 'neither commit nor sources known', {}],
  ] as const)('%s: %s', (answer, _what, running) => {
    expect(isOfRunning(report, { version: '1.0.0', ...running })).toBe(answer);
  });

  it('no: another version, sources unknown', () => {
    expect(isOfRunning({ ...report, sourcesDigest: null }, { version: '2.0.0' })).toBe('no');
  });
});
