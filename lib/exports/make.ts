import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import { and, type ExportId, eq, inArray, type TenantTransaction, withTenant } from '@/db';
import { type ExportState, tenantExports } from '@/db/schema';
import { type AuditFilter, auditFilter, recordAudit } from '@/lib/audit';
import { objectStore } from '@/lib/objects';
import { logger } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { open } from '@/lib/vault';
import { encrypted } from './age';
import { passphraseBinding } from './ask';
import { objectKey } from './browse';
import { contentOf } from './content';
import { exportTitle, keptHours } from './contract';
import { ExportEnded, ExportImpossible, Progress } from './progress';

type Stored = typeof tenantExports.$inferSelect;

/** Change an export that has not ended. @returns it, or undefined when it has */
async function change(
  tx: TenantTransaction,
  { tenantId }: ActingContext,
  id: ExportId,
  set: Partial<Stored> & { readonly state: ExportState },
): Promise<Stored | undefined> {
  const [row] = await tx
    .update(tenantExports)
    .set(set)
    .where(
      and(
        eq(tenantExports.tenantId, tenantId),
        eq(tenantExports.id, id),
        inArray(tenantExports.state, ['queued', 'running']),
      ),
    )
    .returning();
  return row;
}

/** Take an export up, from its beginning: also after a worker died in the middle of it. */
function begin(context: ActingContext, id: ExportId) {
  return withTenant(context, async (tx) => {
    const row = await change(tx, context, id, {
      state: 'running',
      phase: 'Starting',
      recordsDone: 0,
      recordsTotal: null,
      startedAt: new Date(),
    });
    if (!row) return null;
    const { sealedPassphrase } = row;
    const passphrase =
      sealedPassphrase === ''
        ? null
        : await open(tx, context, passphraseBinding(id), sealedPassphrase);
    return { row, passphrase };
  });
}

/** What goes through is measured: bytes, and SHA-256. */
function meter() {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { through, measured: () => ({ bytes, digest: hash.digest('hex') }) };
}

async function store(key: string, content: Readable) {
  const { through, measured } = meter();
  // What goes wrong at either end is told by the other.
  const measuring = pipeline(content, through, () => {});
  await objectStore().put(key, measuring, { contentType: 'application/octet-stream' });
  return measured();
}

async function finish(
  context: ActingContext,
  id: ExportId,
  facts: { readonly bytes: number; readonly digest: string; readonly records: number },
): Promise<boolean> {
  return withTenant(context, async (tx) => {
    const { bytes, digest, records } = facts;
    const row = await change(tx, context, id, {
      state: 'done',
      phase: '',
      recordsDone: records,
      bytes,
      digest,
      sealedPassphrase: '',
      finishedAt: new Date(),
      expiresAt: new Date(Date.now() + keptHours * 3_600_000),
    });
    if (!row) return false;
    await recordAudit(tx, context, {
      action: 'export.finished',
      target: { type: 'export', id, name: exportTitle(row) },
      details: { records, bytes, digest },
    });
    return true;
  });
}

/**
 * Make the file of an export. Begun again, it starts over; one that was cancelled is left alone.
 * @throws what reading or storing threw; then nothing is there
 */
export async function makeExport(context: ActingContext, id: ExportId): Promise<void> {
  const begun = await begin(context, id);
  if (!begun) return;
  const key = objectKey(context, id);
  const progress = new Progress(context, id);
  try {
    const filter: AuditFilter = auditFilter.parse(begun.row.filter);
    const plain = await contentOf(context, { ...begun.row, filter }, progress);
    const content = begun.passphrase === null ? plain : await encrypted(plain, begun.passphrase);
    const facts = await store(key, content);
    if (await finish(context, id, { ...facts, records: progress.done })) return;
  } catch (error) {
    if (error instanceof ExportImpossible) return failExport(context, id, error.message);
    if (!(error instanceof ExportEnded)) throw error;
  }
  // Cancelled meanwhile: what was put there after the cancelling goes too.
  await objectStore().delete(key);
}

const triedInVain = 'It could not be made, though it was tried several times. Ask for it again.';

/** Give an export up, and say why where it is looked at. */
export async function failExport(
  context: ActingContext,
  id: ExportId,
  message = triedInVain,
): Promise<void> {
  await withTenant(context, async (tx) => {
    const row = await change(tx, context, id, {
      state: 'failed',
      phase: '',
      error: message,
      sealedPassphrase: '',
      finishedAt: new Date(),
    });
    if (!row) return;
    await recordAudit(tx, context, {
      action: 'export.failed',
      outcome: 'failure',
      target: { type: 'export', id, name: exportTitle(row) },
    });
  });
  await objectStore()
    .delete(objectKey(context, id))
    .catch((error) => logger.warn({ err: error }, 'The file of a failed export was not deleted'));
}
