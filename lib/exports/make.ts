import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import {
  and,
  type ExportId,
  eq,
  inArray,
  type SQL,
  sql,
  type TenantTransaction,
  tenantDb,
  withTenant,
} from '@/db';
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

type Change = Partial<Omit<Stored, 'startedAt'>> & {
  readonly state: ExportState;
  readonly startedAt?: SQL;
};

/**
 * Change an export that has not ended.
 * @param begunAt by whoever took it up then; by anybody without it
 * @returns it, or undefined when it has ended or another worker has taken it up since
 */
async function change(
  tx: TenantTransaction,
  { tenantId }: ActingContext,
  id: ExportId,
  set: Change,
  begunAt?: Date,
): Promise<Stored | undefined> {
  const [row] = await tx
    .update(tenantExports)
    .set(set)
    .where(
      and(
        eq(tenantExports.tenantId, tenantId),
        eq(tenantExports.id, id),
        inArray(tenantExports.state, ['queued', 'running']),
        begunAt && eq(tenantExports.startedAt, begunAt),
      ),
    )
    .returning();
  return row;
}

/** Later than whoever took it up before, to the millisecond: it is how they are told apart. */
const takenUp = sql`greatest(date_trunc('milliseconds', clock_timestamp()),
                             ${tenantExports.startedAt} + interval '1 millisecond')`;

/**
 * Take an export up, from its beginning: also after a worker died in the middle of it, or seemed to.
 * Whoever took it up before writes nothing down any more.
 */
function begin(context: ActingContext, id: ExportId) {
  return withTenant(context, async (tx) => {
    const row = await change(tx, context, id, {
      state: 'running',
      phase: 'Starting',
      recordsDone: 0,
      recordsTotal: null,
      startedAt: takenUp,
    });
    if (!row?.startedAt) return null;
    const { sealedPassphrase, startedAt } = row;
    const passphrase =
      sealedPassphrase === ''
        ? null
        : await open(tx, context, passphraseBinding(id), sealedPassphrase);
    return { row, begunAt: startedAt, passphrase };
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
  begunAt: Date,
  facts: { readonly bytes: number; readonly digest: string; readonly records: number },
): Promise<boolean> {
  return withTenant(context, async (tx) => {
    const { bytes, digest, records } = facts;
    const made: Change = {
      state: 'done',
      phase: '',
      recordsDone: records,
      bytes,
      digest,
      sealedPassphrase: '',
      finishedAt: new Date(),
      expiresAt: new Date(Date.now() + keptHours * 3_600_000),
    };
    const row = await change(tx, context, id, made, begunAt);
    if (!row) return false;
    await recordAudit(tx, context, {
      action: 'export.finished',
      target: { type: 'export', id, name: exportTitle(row) },
      details: { records, bytes, digest },
    });
    return true;
  });
}

/** Delete what was put there of an export that ended. One that another worker makes, or has made, stays. */
async function clearUp(context: ActingContext, id: ExportId): Promise<void> {
  const [row] = await tenantDb(context)
    .select({ state: tenantExports.state })
    .from(tenantExports)
    .where(and(eq(tenantExports.tenantId, context.tenantId), eq(tenantExports.id, id)));
  if (row && ['queued', 'running', 'done'].includes(row.state)) return;
  await objectStore().delete(objectKey(context, id));
}

/**
 * Make the file of an export. Begun again, it starts over; one that was cancelled is left alone.
 * @throws what reading or storing threw; then nothing is there
 */
export async function makeExport(context: ActingContext, id: ExportId): Promise<void> {
  const begun = await begin(context, id);
  if (!begun) return;
  const { begunAt } = begun;
  const progress = new Progress(context, id, begunAt);
  try {
    const filter: AuditFilter = auditFilter.parse(begun.row.filter);
    const plain = await contentOf(context, { ...begun.row, filter }, progress);
    const content = begun.passphrase === null ? plain : await encrypted(plain, begun.passphrase);
    const facts = await store(objectKey(context, id), content);
    if (await finish(context, id, begunAt, { ...facts, records: progress.done })) return;
  } catch (error) {
    if (error instanceof ExportImpossible) return failExport(context, id, error.message, begunAt);
    if (!(error instanceof ExportEnded)) throw error;
  }
  // Cancelled meanwhile: what was put there after the cancelling goes too.
  await clearUp(context, id);
}

const triedInVain = 'It could not be made, though it was tried several times. Ask for it again.';

/** Give an export up, and say why where it is looked at. */
export async function failExport(
  context: ActingContext,
  id: ExportId,
  message = triedInVain,
  begunAt?: Date,
): Promise<void> {
  await withTenant(context, async (tx) => {
    const failed: Change = {
      state: 'failed',
      phase: '',
      error: message,
      sealedPassphrase: '',
      finishedAt: new Date(),
    };
    const row = await change(tx, context, id, failed, begunAt);
    if (!row) return;
    await recordAudit(tx, context, {
      action: 'export.failed',
      outcome: 'failure',
      target: { type: 'export', id, name: exportTitle(row) },
    });
  });
  await clearUp(context, id).catch((error) =>
    logger.warn({ err: error }, 'The file of a failed export was not deleted'),
  );
}
