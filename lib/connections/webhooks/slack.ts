import { createHash } from 'node:crypto';
import { z } from 'zod';
import { webhooks } from '@/db';
import { PublicError } from '@/lib/errors';
import { logger } from '@/lib/observability';
import { slackSigningSecret } from '@/lib/providers';
import { takeNotice } from './notice';
import { type Delivery, parsedJson, readRaw, refusal } from './request';
import { checkSlackSignature, oldestSignature } from './signature';

/** Slack's ids are short: https://docs.slack.dev/apis/events-api */
const slackId = z.string().regex(/^[A-Z0-9]{1,40}$/i);

const payload = z.discriminatedUnion('type', [
  z.object({ type: z.literal('url_verification'), challenge: z.string().min(1).max(512) }),
  z.object({
    type: z.literal('event_callback'),
    team_id: slackId,
    enterprise_id: slackId.nullish(),
    event_id: slackId,
    event: z.object({
      type: z.string().max(100),
      tokens: z.object({ bot: z.array(z.string()).default([]) }).optional(),
    }),
  }),
]);
type Callback = Extract<z.output<typeof payload>, { type: 'event_callback' }>;

/** Slack repeats what we did not acknowledge for up to an hour. */
const repeatedFor = 3_600;

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

/** What an event means for the connections with its workspace, or null when it means nothing. */
function noticeOf({ event }: Callback) {
  if (event.type === 'app_uninstalled') return 'uninstalled';
  // Tokens of people, which we do not have, come under `oauth`.
  const ours = event.type === 'tokens_revoked' && (event.tokens?.bot.length ?? 0) > 0;
  return ours ? 'authority_questioned' : null;
}

/**
 * Take in what Slack sends to our events address. Answers as soon as it is written down, well within
 * Slack's three seconds; a job does the rest.
 * @throws PublicError `unauthenticated` for what Slack did not sign, or too long ago; `conflict` for
 *   what was sent before, word for word; `malformed`, `too_large`, `rate_limited`; `not_found` where
 *   there is no Slack app
 */
export async function receiveSlackEvent(delivery: Delivery): Promise<Response> {
  const secret = slackSigningSecret();
  if (secret === null) throw new PublicError('not_found', 'Slack is not set up here.');
  const body = await readRaw(delivery);
  const { headers } = delivery.request;
  const signature = headers.get('x-slack-signature');
  const timestamp = headers.get('x-slack-request-timestamp');
  const verdict = checkSlackSignature({ secret, timestamp, signature, body });
  if (verdict !== 'good') {
    throw await refusal('slack', delivery, `signature_${verdict}`, [
      'unauthenticated',
      verdict === 'stale' ? 'This was signed too long ago.' : 'This was not signed by Slack.',
    ]);
  }
  const parsed = payload.safeParse(parsedJson(body));
  if (!parsed.success) throw new PublicError('malformed', 'This is no event of Slack’s.');
  if (parsed.data.type === 'url_verification') {
    return Response.json({ challenge: parsed.data.challenge });
  }
  return takeEvent(delivery, parsed.data, digest(signature ?? ''));
}

async function takeEvent(delivery: Delivery, event: Callback, request: string): Promise<Response> {
  const key = `slack/event/${event.event_id}`;
  const state = await webhooks.claimDelivery({
    event: key,
    request: `slack/signature/${request}`,
    lifetime: repeatedFor + oldestSignature,
  });
  if (state === 'replayed') {
    throw await refusal('slack', delivery, 'replayed', ['conflict', 'This was sent before.']);
  }
  if (state === 'new') {
    await followEvent(event, delivery.facts.requestId);
    await webhooks.closeDelivery(key);
  }
  return Response.json({ ok: true });
}

/** The workspace in it only says which of our own records to look for. */
async function followEvent(event: Callback, requestId: string): Promise<void> {
  const kind = noticeOf(event);
  if (kind === null) return;
  const organizations = [event.team_id, event.enterprise_id].filter((id) => id != null);
  const about = await webhooks.connectionsWith('slack', organizations);
  logger.info({ event: event.event.type, connections: about.length }, 'Slack told us of an event');
  await takeNotice({ provider: 'slack', kind, event: event.event.type }, about, requestId);
}
