import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { productVersion } from '@/lib/doctor';

export interface Release {
  readonly version: string;
  /** Of the checkout, if it is one. */
  readonly commit?: string;
}

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

/** Which product this is: its version, and the commit it was checked out at. */
export function releaseOf(root: string): Release {
  const commit = commitOf(root);
  return { version: productVersion(root), ...(commit ? { commit } : {}) };
}
