import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newId } from '@/db';
import {
  checkKey,
  checkPrefix,
  type ObjectEntry,
  type ObjectStore,
  ObjectStoreError,
} from './store';

const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Make a name in a directory survive a power cut. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* walk(base: string, within: string): AsyncGenerator<ObjectEntry> {
  const entries: Dirent[] =
    (await orNull(readdir(join(base, within), { withFileTypes: true }))) ?? [];
  // By key, where a folder's name counts with its slash.
  const named = entries.map((entry) => ({
    entry,
    sort: entry.name + (entry.isDirectory() ? '/' : ''),
  }));
  for (const { entry } of named.toSorted((a, b) => (a.sort < b.sort ? -1 : 1))) {
    const key = within === '' ? entry.name : `${within}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(base, key);
    else if (entry.isFile()) {
      const facts = await orNull(stat(join(base, key)));
      if (facts) yield { key, size: facts.size, modifiedAt: facts.mtime };
    }
  }
}

/** Milliseconds after which a half-written file is nobody's any more: its process was killed. */
const abandonedAfter = 86_400_000;

/** Delete what processes that were killed have left half written. */
async function sweep(incoming: string): Promise<void> {
  for (const name of (await orNull(readdir(incoming))) ?? []) {
    const path = join(incoming, name);
    const facts = await orNull(stat(path));
    if (facts && facts.mtimeMs < Date.now() - abandonedAfter) await rm(path, { force: true });
  }
}

/**
 * Files in a directory of this machine. A file is written beside and put in place by renaming, so
 * that a reader never sees half of it. Only this user can read it.
 * @param root absolute path; made when it is not there
 */
export function directoryStore(root: string): ObjectStore {
  const files = join(root, 'files');
  const incoming = join(root, 'incoming');
  const retained = join(root, 'retained');

  async function refuseRetained(key: string): Promise<void> {
    const until = await orNull(readFile(join(retained, key), 'utf8'));
    if (until !== null && new Date(until) > new Date()) {
      throw new ObjectStoreError('retained', `${key} is to stay until ${until}.`);
    }
  }

  async function place(temporary: string, base: string, key: string): Promise<void> {
    const target = join(base, key);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(temporary, target);
    await syncDirectory(dirname(target));
  }

  return {
    where: `directory ${root}`,
    async put(key, body, options = {}) {
      checkKey(key);
      await refuseRetained(key);
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      await sweep(incoming);
      const temporary = join(incoming, newId());
      try {
        const source = body instanceof Readable ? body : Readable.from([Buffer.from(body)]);
        await pipeline(source, createWriteStream(temporary, { mode: 0o600, flush: true }));
        await place(temporary, files, key);
        if (options.retainUntil) {
          await writeFile(temporary, options.retainUntil.toISOString(), {
            mode: 0o600,
            flush: true,
          });
          await place(temporary, retained, key);
        }
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async get(key) {
      const path = join(files, checkKey(key));
      const facts = await orNull(stat(path));
      if (!facts?.isFile()) return null;
      return { body: createReadStream(path), size: facts.size };
    },
    async *list(prefix) {
      checkPrefix(prefix);
      const within = prefix.slice(0, Math.max(prefix.lastIndexOf('/'), 0));
      for await (const entry of walk(files, within)) {
        if (entry.key.startsWith(prefix)) yield entry;
      }
    },
    async delete(key) {
      checkKey(key);
      await refuseRetained(key);
      await rm(join(files, key), { force: true });
      await rm(join(retained, key), { force: true });
    },
  };
}
