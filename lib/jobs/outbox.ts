import { z } from 'zod';
import {
  engine,
  type JobId,
  newId,
  sql,
  type TenantId,
  type TenantTransaction,
  type UserId,
} from '@/db';
import { jobs } from '@/db/schema';
import { putOnRecord } from '@/lib/denials';
import { logger } from '@/lib/observability';
import type { ActingContext } from '@/lib/tenancy';
import { ForgedJobError } from './errors';
import { passesHold, TenantHeldError } from './hold';

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

/** An event as a function gets it; of a failed one, `event.data.event`. */
export interface JobEvent {
  readonly name: string;
  readonly data?: unknown;
}

type Claim = z.output<typeof claims> | undefined;

async function refuse(event: JobEvent, claimed: Claim, job: engine.JobRow | undefined) {
  const tenantId = job?.tenantId ?? (claimed?.tenantId as TenantId | undefined);
  logger.warn({ job_id: claimed?.jobId, tenant_id: tenantId }, 'A forged job was refused');
  if (tenantId !== undefined) {
    await putOnRecord({
      tenantId,
      actor: null,
      reason: 'forged_job',
      method: 'EVENT',
      path: event.name,
      requestId: job?.requestId ?? newId(),
      details: {
        jobId: claimed?.jobId,
        claimedTenantId: claimed?.tenantId,
        ...(job ? { kind: job.kind } : {}),
      },
    });
  }
  return new ForgedJobError('No job bears this event out.');
}

/**
 * The job behind an event. Only its id is taken from the event; tenant and subject are the row's.
 * @throws ForgedJobError when there is no such job, or its row disagrees with the event about the
 *   tenant or the kind; this is put on the record of the row's tenant, and not tried again.
 *   TenantHeldError while the tenant is suspended or being deleted, unless the job is about that
 */
export async function jobContext(event: JobEvent): Promise<Job> {
  const claimed = claims.safeParse(event.data).data;
  const job = claimed && (await engine.findJob(engine.engineStore(), claimed));
  if (!job || job.tenantId !== claimed.tenantId || job.kind !== event.name) {
    throw await refuse(event, claimed, job);
  }
  if (job.tenantHeld && !passesHold(job.kind)) throw new TenantHeldError();
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
