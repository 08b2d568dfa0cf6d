import { Readable } from 'node:stream';
import type { TenantContext } from '@/db';
import { type AuditEventDetail, type AuditFilter, auditBatches, countAudit } from '@/lib/audit';
import { csvStream } from '@/lib/csv';
import type { Progress } from './progress';

const columns = [
  'at',
  'actorType',
  'actorName',
  'actorId',
  'action',
  'targetType',
  'targetName',
  'targetId',
  'outcome',
  'requestId',
  'runId',
  'connectionId',
  'ipAddress',
  'userAgent',
  'id',
] as const satisfies readonly (keyof AuditEventDetail)[];

async function* counted(
  context: TenantContext,
  filter: AuditFilter,
  progress: Progress,
): AsyncGenerator<readonly AuditEventDetail[]> {
  await progress.phase('Counting events');
  await progress.total(await countAudit(context, filter));
  await progress.phase('Writing events');
  for await (const batch of auditBatches(context, filter)) {
    yield batch;
    await progress.add(batch.length);
  }
}

/**
 * Exactly the events that a filter shows, newest first, as CSV.
 */
export function auditCsv(
  context: TenantContext,
  filter: AuditFilter,
  progress: Progress,
): Readable {
  async function* rows() {
    for await (const batch of counted(context, filter, progress)) yield* batch;
  }
  return csvStream(columns, rows());
}

/** The same, one event to a line, each as `line` has it. */
export function auditLines(
  context: TenantContext,
  filter: AuditFilter,
  progress: Progress,
  line: (event: AuditEventDetail) => unknown,
): Readable {
  async function* lines() {
    for await (const batch of counted(context, filter, progress)) {
      yield Buffer.from(batch.map((event) => `${JSON.stringify(line(event))}\n`).join(''));
    }
  }
  return Readable.from(lines());
}
