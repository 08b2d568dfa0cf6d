import { z } from 'zod';
import { engine, type JobId, newId, sql, type TenantTransaction, type UserId } from '@/db';
import { jobs } from '@/db/schema';
import { logger } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { ForgedJobError } from './errors';

export interface NewJob {
  /** Name of the event that the job becomes. */
  readonly kind: string;
  /** What it is about: a run, a discovery … of the same tenant. */
  readonly subjectId: string;
}

/**
 * Ask for background work in the transaction that gives the reason for it: both happen, or neither.
 * @returns the job's id, which is also its event's
 */
export async function enqueueJob(
  tx: TenantTransaction,
  context: ActingContext,
  { kind, subjectId }: NewJob,
): Promise<JobId> {
  const { tenantId, actor, requestId } = context;
  const id = newId<JobId>();
  const requestedBy = actor.type === 'member' ? (actor.id as UserId | null) : null;
  await tx.insert(jobs).values({ tenantId, id, kind, subjectId, requestedBy, requestId });
  await tx.execute(sql`select pg_notify(${engine.outboxChannel}, '')`);
  return id;
}

/** What a background function may go by. */
export interface Job {
  readonly jobId: JobId;
  readonly kind: string;
  readonly subjectId: string;
  readonly requestedBy: UserId | null;
  /** The tenant of the job's own row; the platform acts. */
  readonly context: ActingContext;
}

const claims = z.object({ jobId: z.uuid(), tenantId: z.uuid() });

async function refuse(data: unknown, job: engine.JobRow | undefined): Promise<never> {
  const claimed = claims.safeParse(data).data;
  const tenantId = job?.tenantId ?? claimed?.tenantId;
  logger.warn({ job_id: claimed?.jobId, tenant_id: tenantId }, 'A forged job was refused');
  if (tenantId !== undefined) {
    await engine.recordForgedJob(engine.engineStore(), {
      tenantId,
      id: newId(),
      kind: job?.kind ?? 'unknown',
      requestId: job?.requestId ?? newId(),
      details: { jobId: claimed?.jobId, claimedTenantId: claimed?.tenantId },
    });
  }
  throw new ForgedJobError('No job bears this event out.');
}

/**
 * The job behind an event. Only its id is taken from the event; tenant and subject are the row's.
 * @param data `event.data`
 * @throws ForgedJobError when there is no such job or the event names another tenant; this is put on
 *   record, and not tried again
 */
export async function jobContext(data: unknown): Promise<Job> {
  const claimed = claims.safeParse(data).data;
  const job = claimed && (await engine.findJob(engine.engineStore(), claimed.jobId));
  if (!job || job.tenantId !== claimed.tenantId) return refuse(data, job);
  return {
    jobId: job.id,
    kind: job.kind,
    subjectId: job.subjectId,
    requestedBy: job.requestedBy,
    context: {
      tenantId: job.tenantId,
      actor: { type: 'system', id: null, name: 'Tenantry' },
      requestId: job.requestId,
    },
  };
}
