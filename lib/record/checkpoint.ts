import type { KeyObject } from 'node:crypto';
import { RecordError } from './errors';
import { openNote, signNote } from './note';

/** What a checkpoint says: https://c2sp.org/tlog-checkpoint */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** Sign the state of a tree; several keys while one takes over from another. */
export function signCheckpoint(
  { origin, size, root }: Checkpoint,
  keys: readonly KeyObject[],
): string {
  return signNote(`${origin}\n${size}\n${root.toString('base64')}\n`, origin, keys);
}

/** What the text of a checkpoint says, signed or not. @throws RecordError `note_malformed` */
export function readCheckpoint(text: string): Checkpoint {
  const [origin = '', count = '', hash = ''] = text.split('\n');
  const root = Buffer.from(hash, 'base64');
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(count) || root.length !== 32) {
    throw new RecordError('note_malformed', 'This is no checkpoint.');
  }
  return { origin, size: Number(count), root };
}

/**
 * A checkpoint that one of the verifiers signed.
 * @returns null when none of them did
 * @throws RecordError `note_malformed`, `key_malformed`
 */
export function openCheckpoint(note: string, verifierKeys: readonly string[]): Checkpoint | null {
  const text = openNote(note, verifierKeys);
  return text === null ? null : readCheckpoint(text);
}
