import { z } from 'zod';
import { record as store, type TenantId } from '@/db';
import { noteText, openNote, parseVerifierKey } from './note';
import { trustedPublicKeys } from './signing-key';

/** What the record has to know of a deletion's certificate. */
const certificate = z.object({
  kind: z.literal('tenantry/deletion-certificate'),
  tenantId: z.string(),
  verifierKey: z.string(),
  /** How the record stood when it was erased; earlier versions did not say. */
  recordState: z.object({ state: z.string() }).optional(),
});

/** States of a record at its end in which it was what had been signed for, as far as it was. */
const whole = new Set<string | undefined>([undefined, 'empty', 'signed', 'unsigned_tail']);

/**
 * Whether this is a certificate that we have signed for the deletion of this tenant, and says that its
 * record was whole until then. A worker certifies what it finds: of a record that was wiped before, by
 * a deletion that somebody put into the database, it says that it does not know, or that it was refused.
 */
function certifies(note: string, tenantId: TenantId, ours: readonly Buffer[]): boolean {
  try {
    const said = certificate.parse(JSON.parse(noteText(note)));
    const { raw } = parseVerifierKey(said.verifierKey);
    const signed =
      ours.some((key) => key.equals(raw)) && openNote(note, [said.verifierKey]) !== null;
    return signed && said.tenantId === tenantId && whole.has(said.recordState?.state);
  } catch {
    // What cannot be read was not written by us.
    return false;
  }
}

/**
 * Which of these tenants are gone with a certificate of ours: that a row of the database says so is not
 * enough, since whoever rules the database could wipe a record and put the row there.
 * @throws RecordError when the key cannot be read
 */
export async function certifiedGone(
  reader: store.RecordReader,
  tenants: readonly TenantId[],
): Promise<ReadonlySet<TenantId>> {
  if (tenants.length === 0) return new Set();
  const ours = trustedPublicKeys();
  const rows = await store.certificatesOf(reader, tenants);
  const gone = rows.filter(({ tenantId, note }) => certifies(note, tenantId, ours));
  return new Set(gone.map(({ tenantId }) => tenantId));
}
