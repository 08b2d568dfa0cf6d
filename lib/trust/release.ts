import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { productVersion } from '@/lib/doctor';
import type { Release } from './contract';
import { sourcesDigest } from './sources';

function commitOf(root: string): string | undefined {
  const git = join(root, '.git');
  const read = (path: string) => {
    const file = join(git, path);
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  };
  try {
    const head = read('HEAD');
    if (!head?.startsWith('ref: ')) return head;
    const ref = head.slice(5);
    const packed = read('packed-refs')?.split('\n') ?? [];
    return read(ref) ?? packed.find((line) => line.endsWith(` ${ref}`))?.split(' ')[0];
  } catch {
    return undefined;
  }
}

/** Which product lies here: its version, the commit it was checked out at, and what its sources are. */
export function releaseOf(root: string): Release {
  const [commit, digest] = [commitOf(root), sourcesDigest(root)];
  return {
    version: productVersion(root),
    ...(commit ? { commit } : {}),
    ...(digest ? { sourcesDigest: digest } : {}),
  };
}

let running: Release | undefined;

/**
 * Which product this process is. Read once, at the start: what is put into its folder later does not
 * run before the next one.
 */
export function runningRelease(): Release {
  running ??= releaseOf(process.cwd());
  return running;
}
