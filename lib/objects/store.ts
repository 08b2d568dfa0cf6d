import type { Readable } from 'node:stream';

export interface PutOptions {
  /** Media type; a directory does not keep it. */
  readonly contentType?: string;
  /** Until then nobody can replace or delete it: object lock in compliance mode at a bucket. */
  readonly retainUntil?: Date;
}

export interface StoredObject {
  readonly body: Readable;
  /** Bytes. */
  readonly size: number;
}

export interface ObjectEntry {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
}

/** A place for files outside the database. */
export interface ObjectStore {
  /** What it is and where, for people. Holds no secret. */
  readonly where: string;
  /**
   * Put a file there, in place of one of the same key. It is there whole or not at all.
   * @throws ObjectStoreError `bad_key`, `retained`, `refused`, `unavailable`; what the stream throws
   */
  put(key: string, body: Readable | Uint8Array | string, options?: PutOptions): Promise<void>;
  /** @returns the file, or null when there is none */
  get(key: string): Promise<StoredObject | null>;
  /** Every file whose key begins so, by key. */
  list(prefix: string): AsyncIterable<ObjectEntry>;
  /**
   * Delete a file; one that is not there is deleted already.
   * @throws ObjectStoreError `retained` when it was put there to stay
   */
  delete(key: string): Promise<void>;
}

export type ObjectFault = 'bad_address' | 'bad_key' | 'retained' | 'refused' | 'unavailable';

/** Why a place for files cannot do what is asked. The message is for operators. */
export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError';
  readonly fault: ObjectFault;

  constructor(fault: ObjectFault, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.fault = fault;
  }
}

const segment = /^[A-Za-z0-9_=-][A-Za-z0-9._=-]*$/;
/** S3 takes 1,024 bytes, most file systems 255 in a name. */
const longestKey = 900;
const longestSegment = 200;

/**
 * A key that means the same in a directory and in a bucket: names with slashes between them, none
 * of them hidden, `.` or `..`.
 * @throws ObjectStoreError `bad_key`
 */
export function checkKey(key: string): string {
  const parts = key.split('/');
  const usable = parts.every((part) => segment.test(part) && part.length <= longestSegment);
  if (!usable || key.length > longestKey) {
    throw new ObjectStoreError('bad_key', `${JSON.stringify(key)} is no key of a file.`);
  }
  return key;
}

/** The beginning of keys: empty, or whole names and perhaps the beginning of one more. */
export function checkPrefix(prefix: string): string {
  if (prefix !== '') checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
  return prefix;
}
