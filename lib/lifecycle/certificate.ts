import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DeletionId, deletions } from '@/db';
import { env } from '@/lib/env';
import {
  isOriginOf,
  openCheckpoint,
  openNote,
  parseVerifierKey,
  rawPublicKey,
  readCheckpoint,
  signingKeys,
  signNote,
  trustedPublicKeys,
  verifierKey,
} from '@/lib/record';
import { type RecordAtErasure, recordAtErasure } from './contract';
import { notedRecord } from './record-state';

const revocation = z.object({
  provider: z.string(),
  authority: z.string(),
  revoked: z.boolean(),
  because: z.string().optional(),
  attempts: z.number(),
});

/** What a certificate says. Times are ISO 8601 in UTC. */
const certificateText = z.object({
  kind: z.literal('tenantry/deletion-certificate'),
  version: z.literal(1),
  deletionId: z.string(),
  tenantId: z.string(),
  /** SHA-256, hex, of the id, a line break and the name: whoever knows the name can compare it. */
  tenantNameDigest: z.string(),
  askedBy: z.enum(['owner', 'staff']),
  askedAt: z.string(),
  graceUntil: z.string(),
  closedAt: z.string(),
  erasedAt: z.string(),
  /** Rows erased, by table. */
  rows: z.record(z.string(), z.number()),
  rowsTotal: z.number(),
  files: z.number(),
  keysDestroyed: z.number(),
  connections: z.array(revocation),
  /** The last signed state of the audit record; null when nothing was ever on it. */
  record: z.string().nullable(),
  /** Whether that was all of it, and it was what had been signed; earlier versions did not say. */
  recordState: recordAtErasure.optional(),
  /** Tables, also those of the engine, in which nothing was left. */
  scannedTables: z.number(),
  /** What the signature below is verified with. */
  verifierKey: z.string(),
});
export type Certificate = z.output<typeof certificateText>;

export const nameDigest = (tenantId: string, name: string): string =>
  createHash('sha256').update(`${tenantId}\n${name}`).digest('hex');

/** Name of the signer, as it stands in the signature's line. */
const signer = (): string => `${new URL(env.APP_URL).host}/deletions`;

/**
 * The certificate of a deletion that is through: a signed note (https://c2sp.org/signed-note) whose
 * text is JSON, by the key that signs the audit record's checkpoints.
 * @throws RecordError when the key cannot be used
 */
export async function signCertificate(
  deletion: deletions.DeletionRow,
  scannedTables: number,
): Promise<string> {
  const keys = await signingKeys();
  const [key] = keys;
  if (!key) throw new Error('there is always a key to sign with');
  const { id, tenantId, tenantName, origin, askedAt, graceUntil, closedAt, counts } = deletion;
  const text: Certificate = {
    kind: 'tenantry/deletion-certificate',
    version: 1,
    deletionId: id,
    tenantId,
    tenantNameDigest: nameDigest(tenantId, tenantName ?? ''),
    askedBy: origin,
    askedAt: askedAt.toISOString(),
    graceUntil: graceUntil.toISOString(),
    closedAt: (closedAt ?? graceUntil).toISOString(),
    erasedAt: new Date().toISOString(),
    rows: Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    rowsTotal: Object.values(counts).reduce((sum, rows) => sum + rows, 0),
    files: deletion.files,
    keysDestroyed: deletion.keysDestroyed ?? 0,
    connections: deletion.revocations.map(({ connectionId: _id, ...rest }) => rest),
    record: deletion.checkpoint,
    recordState: notedRecord(deletion),
    scannedTables,
    verifierKey: verifierKey(signer(), rawPublicKey(key)),
  };
  return signNote(`${JSON.stringify(text, null, 2)}\n`, signer(), keys);
}

export type Verdict =
  | { readonly valid: true; readonly certificate: Certificate; readonly trusted: boolean }
  | { readonly valid: false; readonly why: string };

const bad = (why: string): Verdict => ({ valid: false, why });

/**
 * Look at a certificate's signature, with nothing but the file.
 * @param trusted the verifier key that the reader has from elsewhere; without it the certificate's own
 *   is taken, which shows that nothing was changed but not by whom it was signed
 */
export function verifyCertificate(file: string, trusted?: string): Verdict {
  const at = file.lastIndexOf('\n\n');
  if (at < 0) return bad('This is no signed note.');
  let read: z.ZodSafeParseResult<Certificate>;
  try {
    read = certificateText.safeParse(JSON.parse(file.slice(0, at + 1)));
  } catch {
    return bad('What was signed is no certificate.');
  }
  if (!read.success) return bad('What was signed is no certificate of a deletion.');
  try {
    const text = openNote(file, [trusted ?? read.data.verifierKey]);
    if (text === null) {
      return bad(
        trusted
          ? 'It was not signed with that key, or was changed since.'
          : 'It was changed since it was signed.',
      );
    }
  } catch (error) {
    return bad((error as Error).message);
  }
  return { valid: true, certificate: read.data, trusted: trusted !== undefined };
}

/**
 * What the certificate of a deletion says, as it lies in the database; null where it is that of another
 * one, or was not signed by us: whoever rules the database can put one there.
 */
export function ownCertificate(file: string, id: DeletionId): Certificate | null {
  const verdict = verifyCertificate(file);
  if (!verdict.valid || verdict.certificate.deletionId !== id) return null;
  const { raw } = parseVerifierKey(verdict.certificate.verifierKey);
  return trustedPublicKeys().some((ours) => ours.equals(raw)) ? verdict.certificate : null;
}

/** What a deletion's certificate says of the record when it was erased; undefined where it says nothing. */
export function stateOnCertificate(file: string, id: DeletionId): RecordAtErasure | undefined {
  const certificate = ownCertificate(file, id);
  return certificate ? certificate.recordState : { state: 'unknown' };
}

/**
 * How many of the events that had a place in the tree were not there to be erased: rows are counted as
 * they go, and no honest event goes before.
 */
export function missingEvents({ recordState, rows }: Certificate): number {
  if (recordState?.state !== 'signed' && recordState?.state !== 'unsigned_tail') return 0;
  const erased = Math.min(rows.audit_events ?? 0, rows.record_leaves ?? 0);
  return Math.max(0, recordState.sealed - erased);
}

/** The last signed state of the record that a certificate holds. */
export interface CertifiedRecord {
  readonly origin: string;
  /** Events that it was signed for. */
  readonly size: number;
  /** Whether the key that the certificate names signed it; one before that may have. */
  readonly sameKey: boolean;
}

/**
 * What a certificate says of the record, looked at by itself: that it is a checkpoint, whose it is, and
 * by whom it was signed.
 * @returns null when nothing was ever on record
 * @throws Error when it is no checkpoint of that organisation
 */
export function certifiedRecord({
  record,
  tenantId,
  verifierKey: named,
}: Certificate): CertifiedRecord | null {
  if (record === null) return null;
  const { origin, size } = readCheckpoint(record);
  if (!isOriginOf(origin, tenantId)) throw new Error(`Its record is another’s: ${origin}.`);
  const own = verifierKey(origin, parseVerifierKey(named).raw);
  return { origin, size, sameKey: openCheckpoint(record, [own]) !== null };
}
