import { type ExportId, eq, newId, sql, type TenantTransaction, withTenant } from '@/db';
import { type ExportFormat, type ExportKind, tenantExports } from '@/db/schema';
import { type AuditFilter, recordAudit } from '@/lib/audit';
import { PublicError } from '@/lib/errors';
import { enqueueJob } from '@/lib/jobs';
import { oneAtATime } from '@/lib/limits';
import { hasFactor, proveFactor } from '@/lib/second-factor';
import type { MemberContext } from '@/lib/tenancy';
import { seal } from '@/lib/vault';
import { exportTitle, keptHours } from './contract';

/** Kind of the job, and name of its event. */
export const exportRequested = 'export/requested';

/** Exports of one organisation that may be waiting or under way. */
const mostAtOnce = 5;
/** Files of one organisation that are kept at a time. */
const mostKept = 20;

/** What an export's sealed passphrase is bound to. */
export const passphraseBinding = (id: ExportId) =>
  ({ kind: 'export', subjectId: id, generation: 1 }) as const;

interface NewExport {
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  readonly filter: Readonly<Record<string, string>>;
  readonly passphrase?: string;
}

/** Every export of the organisation is read: the index by expiry is for looks across all of them. */
async function refuseTooMany(tx: TenantTransaction, { tenantId }: MemberContext): Promise<void> {
  const { state, expiresAt } = tenantExports;
  const [row] = await tx
    .select({
      open: sql<number>`count(*) filter (where ${state} in ('queued', 'running'))::int`,
      kept: sql<number>`count(*) filter (where ${state} = 'done' and ${expiresAt} > now())::int`,
    })
    .from(tenantExports)
    .where(eq(tenantExports.tenantId, tenantId));
  if ((row?.open ?? 0) >= mostAtOnce) {
    throw new PublicError(
      'conflict',
      `${mostAtOnce} exports are under way already. Wait for one of them, or cancel it.`,
    );
  }
  if ((row?.kept ?? 0) >= mostKept) {
    throw new PublicError(
      'conflict',
      `The files of ${mostKept} exports are kept already. Each is deleted ${keptHours} hours after it was made; download one of them, or ask again later.`,
    );
  }
}

function insertExport(context: MemberContext, asked: NewExport): Promise<ExportId> {
  const { kind, format, filter, passphrase } = asked;
  return withTenant(context, async (tx) => {
    await oneAtATime(tx, context);
    await refuseTooMany(tx, context);
    const id = newId<ExportId>();
    const jobId = await enqueueJob(tx, context, { kind: exportRequested, subjectId: id });
    await tx.insert(tenantExports).values({
      tenantId: context.tenantId,
      id,
      kind,
      format,
      filter,
      jobId,
      sealedPassphrase:
        passphrase === undefined ? '' : await seal(tx, context, passphraseBinding(id), passphrase),
      requestedBy: context.userId,
      requestedName: context.actor.name,
    });
    await recordAudit(tx, context, {
      action: 'export.requested',
      target: { type: 'export', id, name: exportTitle({ kind, format }) },
      details: { kind, format, filter },
    });
    return id;
  });
}

/**
 * Ask for the events that a filter shows, as a file made in the background.
 * @throws PublicError `conflict` when too many are under way
 */
export function askAuditExport(
  context: MemberContext,
  format: 'csv' | 'jsonl' | 'record',
  filter: AuditFilter,
): Promise<ExportId> {
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  return insertExport(context, { kind: 'audit', format, filter: Object.fromEntries(set) });
}

/**
 * Ask for everything that the organisation has, encrypted to a passphrase. Whoever has a second
 * factor proves it.
 * @throws PublicError `conflict` when too many are under way; `forbidden` for a wrong code
 */
export async function askTenantExport(
  context: MemberContext,
  { passphrase, code }: { readonly passphrase: string; readonly code?: string | undefined },
): Promise<ExportId> {
  if (await hasFactor(context.userId)) {
    if (!code) {
      const message = 'Enter the code that your authenticator shows.';
      throw new PublicError('invalid_input', message, { fields: { code: message } });
    }
    await proveFactor(context.userId, code, context);
  }
  return insertExport(context, { kind: 'tenant', format: 'archive', filter: {}, passphrase });
}
