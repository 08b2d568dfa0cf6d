import type { deletions } from '@/db';
import {
  type ClosedRecord,
  openNote,
  readCheckpoint,
  signingKeys,
  signNote,
  trustedPublicKeys,
  verifierKey,
} from '@/lib/record';
import { type RecordAtErasure, recordAtErasure } from './contract';

type Noted = Pick<deletions.DeletionRow, 'id' | 'checkpoint' | 'recordState'>;

/** By whom it is signed: of one deletion, so that it is none of another's. */
const signer = ({ id }: Pick<Noted, 'id'>) => `deletions/${id}`;

/**
 * What is noted of a record before it is erased. Signed at once: until the certificate is made, whoever
 * rules the database could otherwise make a sound record of one that was changed.
 * @throws RecordError when the key cannot be used
 */
export async function noteRecord(
  deletion: Pick<Noted, 'id'>,
  { state, because, sealed, signed, unsealed }: ClosedRecord,
): Promise<string> {
  const text: RecordAtErasure = {
    ...{ state, sealed, signed, unsealed, at: new Date().toISOString() },
    ...(because === null ? {} : { because }),
  };
  return signNote(`${JSON.stringify(text)}\n`, signer(deletion), await signingKeys());
}

const signedFor = (checkpoint: string | null) =>
  checkpoint === null ? 0 : readCheckpoint(checkpoint).size;

/** What was noted, if it is what we signed, and the checkpoint beside it is the one that it speaks of. */
export function notedRecord(deletion: Noted): RecordAtErasure {
  const { checkpoint, recordState } = deletion;
  const unknown: RecordAtErasure = { state: 'unknown' };
  if (recordState === null) return unknown;
  const keys = trustedPublicKeys().map((key) => verifierKey(signer(deletion), key));
  try {
    const text = openNote(recordState, keys);
    const noted = recordAtErasure.parse(JSON.parse(text ?? ''));
    if (noted.state === 'unknown' || noted.signed !== signedFor(checkpoint)) return unknown;
    return noted;
  } catch {
    return unknown;
  }
}
