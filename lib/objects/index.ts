import { join } from 'node:path';
import { env } from '@/lib/env';
import { type ObjectsAddress, parseObjectsUrl } from './address';
import { bucketStore } from './bucket';
import { directoryStore } from './directory';
import type { ObjectStore } from './store';

export { parseObjectsUrl } from './address';
export type { AnswerBounds } from './bounds';
export { type BucketAccess, type BucketAddress, bucketStore } from './bucket';
export { directoryStore } from './directory';
export { type ObjectEntry, type ObjectStore, ObjectStoreError, type StoredObject } from './store';

const opened = new Map<string, ObjectStore>();

function address(): ObjectsAddress {
  return env.OBJECTS_URL
    ? parseObjectsUrl(env.OBJECTS_URL)
    : { kind: 'directory', path: join(env.DATA_DIR, 'objects') };
}

/**
 * The place for files that is configured: `OBJECTS_URL`, or a directory in `DATA_DIR`.
 * @throws ObjectStoreError `bad_address`
 */
export function objectStore(): ObjectStore {
  const where = address();
  const name = JSON.stringify(where);
  const store =
    opened.get(name) ?? (where.kind === 'bucket' ? bucketStore(where) : directoryStore(where.path));
  opened.set(name, store);
  return store;
}
