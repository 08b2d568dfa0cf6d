import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What decides how tenants are kept apart. */
const sources = ['app', 'components', 'db', 'drizzle', 'lib', 'proxy.ts'] as const;

/** Tests, and what the migration tool keeps for itself: neither is run by the product. */
const beside = /\.test\.tsx?$|(?:^|\/)testing\/|_snapshot\.json$/;

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * A digest of the sources that a report is about: two reports with the same one are of the same state
 * of the product, whatever the commits are called. A commit alone cannot say so, since a report is
 * committed after the commit that it names. Takes tens of milliseconds.
 * @param root where the product is
 * @returns SHA-256, hex; undefined where the sources do not lie
 */
export function sourcesDigest(root: string): string | undefined {
  // The build must not take the whole project for part of the server.
  const present = sources.map((name) => join(/*turbopackIgnore: true*/ root, name));
  if (!present.every((path) => existsSync(path))) return undefined;
  const files = present
    .flatMap(filesOf)
    .map((path) => relative(root, path))
    .filter((path) => !beside.test(path))
    .sort();
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(`\0${file}\0`).update(readFileSync(join(/*turbopackIgnore: true*/ root, file)));
  return hash.digest('hex');
}
