import { randomUUID } from 'node:crypto';
import {
  type AuditStreamId,
  and,
  count,
  eq,
  newId,
  type TenantTransaction,
  withTenant,
} from '@/db';
import { auditStreams, type StreamState } from '@/db/schema';
import { type AuditAction, recordAudit } from '@/lib/audit';
import { found, PublicError } from '@/lib/errors';
import { oneAtATime } from '@/lib/limits';
import type { MemberContext } from '@/lib/tenancy';
import { destinationOf, type NewStream, type StreamSettings, type TestOutcome } from './contract';
import { asDeliveryError, DeliveryError } from './errors';
import { sealedCount } from './events';
import { checkHost, checkUrl } from './reach';
import { sealSecret, targetOf } from './secret';
import { sendTest } from './send';
import { countTest } from './tests';
import { newWebhookSecret } from './webhook';

/** Streams of one organisation. */
const most = 10;

type Stored = typeof auditStreams.$inferSelect;

/** Refuse at once what would be refused with each delivery. */
function refuseUnreachable(settings: StreamSettings): void {
  const [field, check] = {
    webhook: ['url', () => settings.kind === 'webhook' && checkUrl(settings.url)] as const,
    syslog: ['host', () => settings.kind === 'syslog' && checkHost(settings.host)] as const,
    bucket: [
      'endpoint',
      () => settings.kind === 'bucket' && settings.endpoint !== '' && checkUrl(settings.endpoint),
    ] as const,
  }[settings.kind];
  try {
    check();
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    throw new PublicError('invalid_input', error.message, { fields: { [field]: error.message } });
  }
}

function split(asked: NewStream): { settings: StreamSettings; secret: string } {
  const { name: _name, from: _from, ...rest } = asked;
  if (rest.kind === 'webhook') return { settings: rest, secret: newWebhookSecret() };
  if (rest.kind === 'syslog') return { settings: rest, secret: '' };
  const { accessKey: accessKeyId, secretAccessKey, ...settings } = rest;
  return { settings, secret: JSON.stringify({ accessKeyId, secretAccessKey }) };
}

/**
 * Set a stream up.
 * @returns its id, and for a webhook the secret that its messages are signed with: shown once
 * @throws PublicError `invalid_input` for a place that events are not sent to, `conflict` for too many
 */
export async function createStream(
  context: MemberContext,
  asked: NewStream,
): Promise<{ readonly id: AuditStreamId; readonly signingSecret: string | null }> {
  const { settings, secret } = split(asked);
  refuseUnreachable(settings);
  const position = asked.from === 'start' ? 0 : await sealedCount(context);
  const id = newId<AuditStreamId>();
  await withTenant(context, async (tx) => {
    await oneAtATime(tx, context);
    const [row] = await tx
      .select({ streams: count() })
      .from(auditStreams)
      .where(eq(auditStreams.tenantId, context.tenantId));
    if ((row?.streams ?? 0) >= most) {
      throw new PublicError('conflict', `There are ${most} streams already. Remove one first.`);
    }
    await tx.insert(auditStreams).values({
      tenantId: context.tenantId,
      id,
      name: asked.name,
      kind: settings.kind,
      settings,
      sealedSecret: await sealSecret(tx, context, id, 1, secret),
      position,
      createdBy: context.userId,
      createdName: context.actor.name,
    });
    await recordAudit(tx, context, {
      action: 'stream.created',
      target: { type: 'stream', id, name: asked.name },
      details: { kind: settings.kind, destination: destinationOf(settings), from: asked.from },
    });
  });
  return { id, signingSecret: settings.kind === 'webhook' ? secret : null };
}

const own = ({ tenantId }: MemberContext, id: AuditStreamId) =>
  and(eq(auditStreams.tenantId, tenantId), eq(auditStreams.id, id));

async function lock(
  tx: TenantTransaction,
  context: MemberContext,
  id: AuditStreamId,
): Promise<Stored> {
  const [row] = await tx.select().from(auditStreams).where(own(context, id)).for('update');
  return found(row);
}

function switchTo(
  context: MemberContext,
  id: AuditStreamId,
  state: StreamState,
  action: AuditAction,
): Promise<void> {
  return withTenant(context, async (tx) => {
    const row = await lock(tx, context, id);
    if (row.state === state) return;
    // A pause forgets the back-off: whoever resumes has mended something.
    const fresh = { failures: 0, failure: null, failingSince: null, toldAt: null };
    await tx
      .update(auditStreams)
      .set({ state, ...fresh, nextAttemptAt: new Date(), claimedUntil: null })
      .where(own(context, id));
    await recordAudit(tx, context, { action, target: { type: 'stream', id, name: row.name } });
  });
}

/** Send nothing until it is resumed; what happens meanwhile waits. @throws PublicError `not_found` */
export const pauseStream = (context: MemberContext, id: AuditStreamId): Promise<void> =>
  switchTo(context, id, 'paused', 'stream.paused');

/** Go on where it stopped. @throws PublicError `not_found` */
export const resumeStream = (context: MemberContext, id: AuditStreamId): Promise<void> =>
  switchTo(context, id, 'active', 'stream.resumed');

/**
 * Remove a stream, and what lets us in with it.
 * @throws PublicError `not_found`, `invalid_input` when another name was typed
 */
export function removeStream(
  context: MemberContext,
  id: AuditStreamId,
  confirmation: string,
): Promise<void> {
  return withTenant(context, async (tx) => {
    const row = await lock(tx, context, id);
    if (confirmation.trim() !== row.name) {
      const message = 'That is not the name of the stream.';
      throw new PublicError('invalid_input', message, { fields: { confirmation: message } });
    }
    await tx.delete(auditStreams).where(own(context, id));
    await recordAudit(tx, context, {
      action: 'stream.removed',
      target: { type: 'stream', id, name: row.name },
    });
  });
}

/**
 * Send a test event now, past everything that waits. It is no part of the record and says so.
 * @returns whether it arrived
 * @throws PublicError `not_found`; `rate_limited` when too many were sent
 */
export async function testStream(context: MemberContext, id: AuditStreamId): Promise<TestOutcome> {
  // Counted between two transactions: none is kept waiting for the counter.
  await withTenant(context, (tx) => lock(tx, context, id));
  await countTest(context.tenantId);
  const row = await withTenant(context, async (tx) => {
    const locked = await lock(tx, context, id);
    await recordAudit(tx, context, {
      action: 'stream.tested',
      target: { type: 'stream', id, name: locked.name },
    });
    return locked;
  });
  const startedAt = performance.now();
  try {
    const target = await withTenant(context, (tx) => targetOf(tx, context, row));
    await sendTest(context, target, {
      id: randomUUID(),
      at: new Date().toISOString(),
      actorType: 'member',
      actorId: context.userId,
      actorName: context.actor.name,
      action: 'stream.tested',
      targetType: 'stream',
      targetId: id,
      targetName: row.name,
      outcome: 'success',
      requestId: context.requestId,
      runId: null,
      connectionId: null,
      ipAddress: context.ipAddress ?? null,
      userAgent: context.userAgent ?? null,
      details: { test: true },
    });
    return { arrived: true, milliseconds: Math.round(performance.now() - startedAt) };
  } catch (error) {
    return { arrived: false, why: asDeliveryError(error).message };
  }
}
