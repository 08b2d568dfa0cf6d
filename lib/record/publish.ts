import { createHmac } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { record as store, type TenantId } from '@/db';
import { env } from '@/lib/env';
import { ObjectStoreError, objectStore } from '@/lib/objects';
import { logger } from '@/lib/observability';
import { RecordError } from './errors';

/** Milliseconds that a receiver of checkpoints gets to answer. */
const answerLimit = 10_000;
/** Checkpoints on their way side by side. */
const atOnce = 16;
const day = 86_400_000;
const digits = 16;

/** Where the checkpoints of all tenants lie. */
export const checkpointsPrefix = 'checkpoints/';

/** Where all checkpoints of a tenant lie, outside the database. */
export const checkpointPrefix = (tenantId: TenantId): string => `${checkpointsPrefix}${tenantId}/`;

/** The file of a checkpoint: by its size, so that they are in order. */
export const checkpointKey = (tenantId: TenantId, size: number): string =>
  `${checkpointPrefix(tenantId)}${String(size).padStart(digits, '0')}.note`;

/** @throws RecordError `not_published` when another note lies in its place */
async function liesThere(key: string, note: string): Promise<boolean> {
  const objects = objectStore();
  const there = await objects.get(key);
  if (!there) return false;
  if ((await text(there.body)) === note) return true;
  throw new RecordError('not_published', `${objects.where}: ${key} holds another checkpoint.`);
}

/** @throws ObjectStoreError, RecordError */
async function toObjects(checkpoint: store.UnpublishedCheckpoint): Promise<void> {
  const { tenantId, size, note, signedAt } = checkpoint;
  const objects = objectStore();
  const key = checkpointKey(tenantId, size);
  // Put there by an attempt that died before it was noted.
  if (await liesThere(key, note)) return;
  const retainUntil = new Date(signedAt.getTime() + env.AUDIT_CHECKPOINT_DAYS * day);
  try {
    await objects.put(key, note, { contentType: 'text/plain; charset=utf-8', retainUntil });
  } catch (error) {
    // Another process of this installation was faster.
    if (!(error instanceof ObjectStoreError && error.fault === 'retained')) throw error;
    if (!(await liesThere(key, note))) throw error;
  }
}

/** The signature of what a webhook is sent: HMAC with SHA-256, hex, over time and body. */
export function webhookSignature(secret: string, seconds: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

async function toWebhook(url: string, { note }: store.UnpublishedCheckpoint): Promise<void> {
  const secret = env.AUDIT_CHECKPOINT_WEBHOOK_SECRET;
  const seconds = Math.floor(Date.now() / 1_000);
  const response = await fetch(url, {
    method: 'POST',
    body: note,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...(secret ? { 'tenantry-signature': webhookSignature(secret, seconds, note) } : {}),
    },
    redirect: 'error',
    signal: AbortSignal.timeout(answerLimit),
  });
  await response.body?.cancel();
  if (response.ok) return;
  throw new RecordError('not_published', `The checkpoint webhook answered ${response.status}.`);
}

const isToldAsIs = (error: unknown): error is Error =>
  error instanceof RecordError || error instanceof ObjectStoreError;

async function publish(checkpoint: store.UnpublishedCheckpoint): Promise<boolean> {
  const { tenantId, id } = checkpoint;
  try {
    await toObjects(checkpoint);
    if (env.AUDIT_CHECKPOINT_WEBHOOK) await toWebhook(env.AUDIT_CHECKPOINT_WEBHOOK, checkpoint);
    await store.markPublished(tenantId, id);
    return true;
  } catch (error) {
    logger.error({ err: error, tenant_id: tenantId }, 'A checkpoint could not be published');
    await store.markFailed(
      tenantId,
      isToldAsIs(error) ? error.message : 'The place for checkpoints does not answer.',
    );
    return false;
  }
}

/**
 * Bring checkpoints to their places outside the database. One that fails is tried again with the next
 * round, and keeps no other waiting.
 * @returns how many got there, and how many did not
 */
export async function publishCheckpoints(
  limit = 200,
  only: TenantId | null = null,
): Promise<{ readonly published: number; readonly failed: number }> {
  const waiting = [...(await store.unpublished(limit, only))];
  let [published, failed] = [0, 0];
  while (waiting.length > 0) {
    const done = await Promise.all(waiting.splice(0, atOnce).map(publish));
    published += done.filter(Boolean).length;
    failed += done.filter((there) => !there).length;
  }
  return { published, failed };
}
