import { errorCodes, type PublicError, type PublicErrorShape } from '@/lib/errors';
import { withLogContext } from './context';
import { logger } from './logger';
import { countRequest } from './metrics';
import { tallyAnswer } from './tally';

/** What a log line says of a request. */
export interface ObservedRequest {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
}

/** The fixed parts of addresses; whatever else stands in one was chosen by its caller. */
const words = new Set(
  `access-log account admin alerts api approvals audit auth automations calls callback campaigns changes connections credentials csrf csv deletion deletions lifecycle certificate checkpoint doctor edit engine limits looks notes
  error export exports file google health inngest invitations members metrics microsoft microsoft-entra-id new organisation
  outbox overview palette people proof providers queries ready reconsent reports requests resources rows runs second-factor session settings sign-in sign-up signin
  signout slack staff steps streams support support-requests tenants trust usage verify-request webhooks`.split(
    /\s+/,
  ),
);

/** The address with the rest replaced, so that a metric's label has few values and tells nothing. */
export function endpointPattern(path: string): string {
  const [pathname = '/'] = path.split('?');
  const segments = pathname
    .split('/')
    .map((part) => (part === '' || words.has(part) ? part : ':id'));
  return segments.join('/') || '/';
}

const probes = new Set(['/api/health', '/api/ready', '/api/metrics']);

/** Status of what was answered: a response's own, or that of an action's result. */
function statusOf(answer: unknown): number {
  if (answer instanceof Response) return answer.status;
  const { error } = (answer ?? {}) as { readonly error?: PublicErrorShape };
  return error ? errorCodes[error.code].status : 200;
}

/**
 * Run the handling of a request so that every log line in it carries the request's id, and write one
 * line and one measurement about how it went.
 * @param handle gives a response, or the result of a server action
 * @returns what `handle` gives
 */
export async function observeRequest<Answer>(
  request: ObservedRequest,
  handle: () => Promise<Answer>,
): Promise<Answer> {
  return withLogContext({ requestId: request.requestId }, async () => {
    const startedAt = performance.now();
    const answer = await handle();
    const seconds = (performance.now() - startedAt) / 1_000;
    const { method, path } = request;
    const status = statusOf(answer);
    const pattern = endpointPattern(path);
    const line = { method, path: path.split('?')[0], status, ms: Math.round(seconds * 1_000) };
    // Probes come every few seconds and would bury what people look for.
    logger[probes.has(pattern) ? 'debug' : 'info'](line, 'Request answered');
    countRequest(pattern, { method, status, seconds });
    if (!probes.has(pattern)) tallyAnswer(status, seconds * 1_000);
    return answer;
  });
}

/**
 * Log why a request is refused or failed. The public message of an internal error says nothing; its
 * cause says what broke.
 */
export function logFailure(error: PublicError): void {
  if (error.status >= 500) logger.error({ err: error.cause ?? error }, 'Request failed');
  else logger.info({ error: error.code, reason: error.message }, 'Request refused');
}
