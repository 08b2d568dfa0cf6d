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

/** By whom it is signed. Nothing but the text of a note is signed: whose it is has to stand in there. */
const signer = 'deletions/record';

/**
 * What is noted of a record before it is erased. Signed at once: until the certificate is made, whoever
 * rules the database could otherwise make a sound record of one that was changed.
 * @throws RecordError when the key cannot be used
 */
export async function noteRecord(
  deletion: Pick<Noted, 'id'>,
  { state, because, sealed, signed, unsealed }: ClosedRecord,
): Promise<string> {
  const text: RecordAtErasure & { readonly deletionId: string } = {
    ...{ deletionId: deletion.id, state, sealed, signed, unsealed, at: new Date().toISOString() },
    ...(because === null ? {} : { because }),
  };
  return signNote(`${JSON.stringify(text)}\n`, signer, await signingKeys());
}

const signedFor = (checkpoint: string | null) =>
  checkpoint === null ? 0 : readCheckpoint(checkpoint).size;

/** What was noted, if it is what we signed, and the checkpoint beside it is the one that it speaks of. */
export function notedRecord(deletion: Noted): RecordAtErasure {
  const { checkpoint, recordState } = deletion;
  const unknown: RecordAtErasure = { state: 'unknown' };
  if (recordState === null) return unknown;
  const keys = trustedPublicKeys().map((key) => verifierKey(signer, key));
  try {
    const text = openNote(recordState, keys);
    const said = JSON.parse(text ?? '');
    if (said.deletionId !== deletion.id) return unknown;
    const noted = recordAtErasure.parse(said);
    if (noted.state === 'unknown' || noted.signed !== signedFor(checkpoint)) return unknown;
    return noted;
  } catch {
    return unknown;
  }
}
