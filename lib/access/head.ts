import { logger } from '@/lib/observability';
import type { Endpoint } from './endpoint';

/**
 * The answer to HEAD where GET is not to be carried out for it: for members and staff, what is asked
 * for goes on record, is made as it is read, or uses up what a provider answered; for anybody, where
 * the route says so. Next answers HEAD by GET without its body, and that would count as an export that
 * nobody got.
 * @returns undefined where GET is to answer
 */
export function refusedHead(
  endpoint: Endpoint,
  { method }: Request,
  requestId: string,
): Response | undefined {
  const answered = endpoint.audience === 'public' && endpoint.head !== 'refused';
  if (method !== 'HEAD' || answered) return;
  const headers = { allow: 'GET', 'cache-control': 'no-store', 'x-request-id': requestId };
  return new Response(null, { status: 405, headers });
}

/**
 * Nobody reads the body of an answer to HEAD: what it would come from, as an open file, is let go of.
 * One that cannot be is logged, and the answer given all the same.
 */
export async function withoutBody(answer: Response): Promise<Response> {
  const { status, headers } = answer;
  try {
    await answer.body?.cancel();
  } catch (error) {
    logger.warn({ err: error }, 'The body of an answer to HEAD could not be let go of');
  }
  return new Response(null, { status, headers });
}
