import { asc, eq, type TenantContext, tenantDb } from '@/db';
import { auditStreams } from '@/db/schema';
import { destinationOf, type StreamRow, streamSettings } from './contract';
import { sealedCount, sealedEvents } from './events';

type Stored = typeof auditStreams.$inferSelect;

function destination({ settings }: Stored): string {
  const read = streamSettings.safeParse(settings);
  return read.success ? destinationOf(read.data) : 'Unknown';
}

async function shown(context: TenantContext, row: Stored, sealed: number): Promise<StreamRow> {
  const waiting = Math.max(sealed - row.position, 0);
  const [oldest] = waiting > 0 ? await sealedEvents(context, row.position, 1) : [];
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    state: row.state,
    destination: destination(row),
    delivered: row.delivered,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    waiting,
    waitingSince: oldest?.event.at ?? null,
    failure: row.failure,
    failingSince: row.failingSince?.toISOString() ?? null,
    failures: row.failures,
    nextAttemptAt: row.failures > 0 ? row.nextAttemptAt.toISOString() : null,
    createdName: row.createdName,
    createdAt: row.createdAt.toISOString(),
  };
}

/** The organisation's streams, oldest first, with how far behind each is. */
export async function listStreams(context: TenantContext): Promise<StreamRow[]> {
  const [rows, sealed] = await Promise.all([
    tenantDb(context)
      .select()
      .from(auditStreams)
      .where(eq(auditStreams.tenantId, context.tenantId))
      .orderBy(asc(auditStreams.id)),
    sealedCount(context),
  ]);
  return Promise.all(rows.map((row) => shown(context, row, sealed)));
}
