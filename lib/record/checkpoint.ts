import type { KeyObject } from 'node:crypto';
import { RecordError } from './errors';
import { noteText, openNote, parseVerifierKey, signNote } from './note';

/** What a checkpoint says: https://c2sp.org/tlog-checkpoint */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/**
 * Whether a log is called so as that of a tenant is: `<host>/tenants/<id>`, whatever the host is. One
 * with a line break in it would let a text be read as another's checkpoint.
 */
export function isOriginOf(origin: string, tenantId: string): boolean {
  const [, host, id] = /^([^\s\p{Cc}+/]+)\/tenants\/([^/]+)$/u.exec(origin) ?? [];
  return host !== undefined && id === tenantId;
}

/** Sign the state of a tree; several keys while one takes over from another. */
export function signCheckpoint(
  { origin, size, root }: Checkpoint,
  keys: readonly KeyObject[],
): string {
  return signNote(`${origin}\n${size}\n${root.toString('base64')}\n`, origin, keys);
}

/**
 * What the text of a checkpoint says, signed or not: three lines, and none besides.
 * @throws RecordError `note_malformed`
 */
export function readCheckpoint(note: string): Checkpoint {
  const text = note.includes('\n\n') ? noteText(note) : note;
  const [origin = '', count = '', hash = '', ...behind] = text.split('\n');
  const root = Buffer.from(hash, 'base64');
  const sound = /^(0|[1-9]\d{0,15})$/.test(count) && root.length === 32;
  if (origin === '' || !sound || behind.join('\n') !== '') {
    throw new RecordError('note_malformed', 'This is no checkpoint.');
  }
  return { origin, size: Number(count), root };
}

/**
 * A checkpoint that one of the verifiers signed, in the name that the checkpoint itself bears.
 * @returns null when none of them did
 * @throws RecordError `note_malformed`, `key_malformed`
 */
export function openCheckpoint(note: string, verifierKeys: readonly string[]): Checkpoint | null {
  const checkpoint = readCheckpoint(noteText(note));
  const own = verifierKeys.filter((key) => parseVerifierKey(key).name === checkpoint.origin);
  return openNote(note, own) === null ? null : checkpoint;
}
