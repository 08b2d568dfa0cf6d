import { randomBytes } from 'node:crypto';
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { Webhook } from 'standardwebhooks';
import { asDeliveryError, DeliveryError } from './errors';
import { checkUrl, guardedLookup } from './reach';

/** Milliseconds until the other side must have answered. */
const answerLimit = 15_000;

/** A new secret as Standard Webhooks writes it: 32 random bytes. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

function post(url: URL, headers: Record<string, string>, body: Buffer): Promise<number> {
  const send = url.protocol === 'https:' ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(answerLimit);
    // Node follows no redirects: one could lead inside.
    const request = send(url, {
      method: 'POST',
      headers,
      lookup: guardedLookup,
      agent: false,
      signal,
    });
    request.once('response', (response) => {
      resolve(response.statusCode ?? 0);
      // What it says is of no interest, and would tell about what it should not have reached.
      response.destroy();
    });
    request.once('error', (error) =>
      reject(signal.aborted ? new DeliveryError('It does not answer.') : error),
    );
    request.end(body);
  });
}

/**
 * Send a message, signed (https://www.standardwebhooks.com).
 * @param id the same for each attempt at the same events
 * @throws DeliveryError
 */
export async function sendWebhook(
  target: { readonly url: string; readonly secret: string },
  { id, body }: { readonly id: string; readonly body: string },
): Promise<void> {
  const url = checkUrl(target.url);
  const at = new Date();
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'Tenantry-Webhook/1',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(target.secret).sign(id, at, body),
  };
  const status = await post(url, headers, Buffer.from(body)).catch((error) => {
    throw asDeliveryError(error);
  });
  if (status >= 200 && status < 300) return;
  const why = status >= 300 && status < 400 ? 'It sent us elsewhere; we follow no redirects.' : '';
  throw new DeliveryError(`It answered ${status}. ${why}`.trim());
}
