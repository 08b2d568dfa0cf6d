import { isForgedContext, putOnRecord } from '@/lib/denials';
import type { Job } from './outbox';

/**
 * Do a job's work. A forged tenant context that the database notices on the way goes on the record of
 * the job's tenant: a step has no endpoint around it that would see to that.
 * @throws what `work` throws
 */
export async function noticeForgedContext<Result>(
  { jobId, kind, context }: Job,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isForgedContext(error)) {
      const { tenantId, requestId } = context;
      const details = { jobId, kind };
      const event = { method: 'EVENT', path: kind, actor: null };
      await putOnRecord({ tenantId, requestId, reason: 'forged_context', ...event, details });
    }
    throw error;
  }
}
