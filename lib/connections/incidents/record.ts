import {
  and,
  type ConnectionId,
  eq,
  type IncidentId,
  isNotNull,
  isNull,
  newId,
  type TenantTransaction,
} from '@/db';
import { connectionIncidents as incidents } from '@/db/schema';
import { enqueueJob } from '@/lib/jobs';
import type { ActingContext } from '@/lib/tenancy';
import type { ConnectionState } from '../contract';
import { type IncidentKind, incidentKinds } from './contract';

/** Asks that those who look after a tenant's connections be told what has changed. */
export const incidentChanged = 'connection/incident';

export interface Move {
  readonly connectionId: ConnectionId;
  readonly from: ConnectionState;
  readonly to: ConnectionState;
  readonly reason: string | null;
}

/** Broken at once; `degraded` becomes an incident only when it lasts. */
const breaks = (state: ConnectionState): state is IncidentKind =>
  state !== 'degraded' && (incidentKinds as readonly string[]).includes(state);

/**
 * Open, continue or end a connection's incident, in the transaction that changes its state. A change
 * from one kind of trouble to another is the same incident, and a consent under way does not end it.
 * A disconnection that a member asked for ends it silently, also when the provider's notice of it was
 * here first; one that nobody here asked for is trouble.
 */
export async function followIncident(
  tx: TenantTransaction,
  context: ActingContext,
  move: Move,
): Promise<void> {
  // Whoever leaves something out reads so at once; what was broken before is so still.
  const leftOut = move.from === 'verifying' && move.to === 'needs_scopes';
  if (leftOut) await continueIncident(tx, context, { ...move, kind: 'needs_scopes' });
  else if (breaks(move.to)) await openIncident(tx, context, { ...move, kind: move.to });
  else if (move.to === 'active') await endIncident(tx, context, move, 'recovered');
  else if (move.to === 'disconnected') {
    if (context.actor.type !== 'system') await endIncident(tx, context, move, 'disconnected');
    else if (move.from !== 'disconnected') {
      await openIncident(tx, context, { ...move, kind: 'needs_reconsent' });
    }
  }
}

export interface Trouble {
  readonly connectionId: ConnectionId;
  readonly kind: IncidentKind;
  readonly reason: string | null;
  /** When it began, if that was before now. */
  readonly since?: Date;
}

/** Open an incident; while one is open for this connection, only its kind and reason change. */
export async function openIncident(
  tx: TenantTransaction,
  context: ActingContext,
  { connectionId, kind, reason, since }: Trouble,
): Promise<boolean> {
  if (kind !== 'degraded') await tellAnew(tx, context, connectionId);
  const id = newId<IncidentId>();
  const [row] = await tx
    .insert(incidents)
    .values({
      tenantId: context.tenantId,
      id,
      connectionId,
      kind,
      reason,
      ...(since ? { since } : {}),
    })
    .onConflictDoUpdate({
      target: [incidents.tenantId, incidents.connectionId],
      targetWhere: isNull(incidents.endedAt),
      set: { kind, reason },
    })
    .returning({ id: incidents.id });
  const opened = row?.id === id;
  if (opened) await enqueueJob(tx, context, { kind: incidentChanged, subjectId: id });
  return opened;
}

/**
 * What answered badly needs somebody now: those who were told that there is nothing to do have to hear
 * of it.
 */
async function tellAnew(
  tx: TenantTransaction,
  context: ActingContext,
  connectionId: ConnectionId,
): Promise<void> {
  const [row] = await tx
    .update(incidents)
    .set({ toldAt: null })
    .where(
      and(
        eq(incidents.tenantId, context.tenantId),
        eq(incidents.connectionId, connectionId),
        eq(incidents.kind, 'degraded'),
        isNotNull(incidents.toldAt),
        isNull(incidents.endedAt),
      ),
    )
    .returning({ id: incidents.id });
  if (row) await enqueueJob(tx, context, { kind: incidentChanged, subjectId: row.id });
}

async function continueIncident(
  tx: TenantTransaction,
  { tenantId }: ActingContext,
  { connectionId, kind, reason }: Trouble,
): Promise<void> {
  await tx
    .update(incidents)
    .set({ kind, reason })
    .where(
      and(
        eq(incidents.tenantId, tenantId),
        eq(incidents.connectionId, connectionId),
        isNull(incidents.endedAt),
      ),
    );
}

async function endIncident(
  tx: TenantTransaction,
  context: ActingContext,
  { connectionId }: Move,
  outcome: 'recovered' | 'disconnected',
): Promise<void> {
  const [row] = await tx
    .update(incidents)
    .set({ endedAt: new Date(), outcome })
    .where(
      and(
        eq(incidents.tenantId, context.tenantId),
        eq(incidents.connectionId, connectionId),
        isNull(incidents.endedAt),
      ),
    )
    .returning({ id: incidents.id, toldAt: incidents.toldAt });
  if (row?.toldAt && outcome === 'recovered') {
    await enqueueJob(tx, context, { kind: incidentChanged, subjectId: row.id });
  }
}
