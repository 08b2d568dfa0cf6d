import { Readable } from 'node:stream';
import type { AuditEventId, TenantContext } from '@/db';
import { auditEvent } from '@/lib/audit';
import { notFound, PublicError } from '@/lib/errors';
import { eventsBundle } from './bundle';
import { latestCheckpoint, leafOfEvent, shownCheckpoint } from './tenant-reads';

function file(name: string, type: string, body: BodyInit): Response {
  return new Response(body, {
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
    },
  });
}

/**
 * The latest checkpoint of a tenant's record, as a file to keep.
 * @throws PublicError `not_found` before the first
 */
export async function checkpointFile(context: TenantContext): Promise<Response> {
  const checkpoint = await shownCheckpoint(context);
  if (!checkpoint) throw notFound();
  return file(`audit-checkpoint-${checkpoint.size}.note`, 'text/plain', checkpoint.note);
}

/**
 * What proves one event, as a file for whoever does not take our word for it.
 * @throws PublicError `not_found`; `conflict` while no checkpoint covers it
 */
export async function proofFile(context: TenantContext, id: AuditEventId): Promise<Response> {
  await auditEvent(context, id);
  const [placed, checkpoint] = await Promise.all([
    leafOfEvent(context, id),
    latestCheckpoint(context),
  ]);
  if (!placed || !checkpoint || placed.sequence >= checkpoint.size) {
    throw new PublicError(
      'conflict',
      'This event is signed for within a minute. Try again in a moment.',
    );
  }
  const lines = Readable.from(eventsBundle(context, [id]));
  const body = Readable.toWeb(lines) as ReadableStream<Uint8Array>;
  return file(`audit-proof-${id}.jsonl`, 'application/jsonl', body);
}
