import { randomUUID } from 'node:crypto';

/**
 * What the web server does to a request and a response around the framework. Plain JavaScript, as
 * `web.mjs` is.
 */

/** Headers in which the framework tells of a rewrite: by one, the support console is hidden. */
const traces = ['x-middleware-rewrite', 'x-nextjs-rewritten-path'];

/**
 * Keep only what is known of where a request came from. A caller can write any `X-Forwarded-For`, and
 * limits and the record go by it; only proxies of the operator's are believed.
 * @param {import('node:http').IncomingMessage} request
 * @param {number} proxies how many stand in front of this server, each adding the address it saw
 */
export function keepTrueAddress(request, proxies) {
  const claimed = String(request.headers['x-forwarded-for'] ?? '').split(',');
  const chain = [...claimed, request.socket.remoteAddress ?? ''].map((part) => part.trim());
  const seen = chain.filter((part) => part !== '');
  request.headers['x-forwarded-for'] = seen.at(-1 - proxies) ?? seen[0] ?? '';
  if (proxies > 0) return;
  delete request.headers['x-forwarded-host'];
  delete request.headers['x-forwarded-proto'];
  delete request.headers['x-forwarded-port'];
}

/**
 * Take the traces of a rewrite out of a response, at the last moment.
 * @param {import('node:http').ServerResponse} response
 */
export function hideRewrites(response) {
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (...given) => {
    for (const name of traces) response.removeHeader(name);
    return writeHead(...given);
  };
}

/** Bytes: the largest body that anything here takes, which the framework's own limit is as well. */
const largestBody = 256 * 1024;
/** Milliseconds for which the rest of a larger one is heard, and thrown away. */
const hearingOut = 5_000;

/**
 * Refuse a body that says itself that it is too large, before anything reads it: the framework would
 * answer that something went wrong on our side.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @returns {boolean} whether the request has been answered
 */
export function refuseLargeBody(request, response) {
  // Inngest sends all that a run remembers, and signs it.
  if (request.url?.startsWith('/api/inngest')) return false;
  if (!(Number(request.headers['content-length']) > largestBody)) return false;
  const requestId = randomUUID();
  const problem = {
    type: 'https://tenantry.dev/problems/too_large',
    title: 'That is too large',
    status: 413,
    detail: `Send at most ${largestBody / 1024} KiB.`,
    code: 'too_large',
    request_id: requestId,
  };
  const said = JSON.stringify(problem);
  response.writeHead(413, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(said),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    connection: 'close',
  });
  response.write(said);
  // Closed with something of it unread the connection would be reset, and the answer lost with it.
  const heard = setTimeout(() => response.end(), hearingOut).unref();
  request.resume().once('close', () => {
    clearTimeout(heard);
    response.end();
  });
  return true;
}
