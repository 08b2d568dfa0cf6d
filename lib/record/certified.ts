import { z } from 'zod';
import { record as store, type TenantId } from '@/db';
import { noteText, openNote, parseVerifierKey } from './note';
import { trustedPublicKeys } from './signing-key';

/** What the record has to know of a deletion's certificate. */
const certificate = z.object({
  kind: z.literal('tenantry/deletion-certificate'),
  tenantId: z.string(),
  verifierKey: z.string(),
});

/** Whether this is a certificate that we have signed for the deletion of this tenant. */
function certifies(note: string, tenantId: TenantId, ours: readonly Buffer[]): boolean {
  try {
    const said = certificate.parse(JSON.parse(noteText(note)));
    const { raw } = parseVerifierKey(said.verifierKey);
    const signed =
      ours.some((key) => key.equals(raw)) && openNote(note, [said.verifierKey]) !== null;
    return signed && said.tenantId === tenantId;
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
