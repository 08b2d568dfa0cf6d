import { LogLevel, WebClient } from '@slack/web-api';
import type { z } from 'zod';
import { ProviderError } from '../contract';
import type { ProviderTransport } from '../provider';
import type { SlackConfig } from './config';
import { asProviderError, refusalError } from './errors';

/** Methods that change nothing, and are therefore asked for with GET: they may be repeated. */
const reads = /^(auth\.test|users\.(list|info|lookupByEmail)|conversations\.(list|history|info))$/;

const effectOf = (method: string): 'read' | 'write' => (reads.test(method) ? 'read' : 'write');

/** Slack's method names are the last segment of the path: `/api/chat.postMessage`. */
const methodOf = (url: URL): string => url.pathname.split('/').at(-1) ?? '';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const saysOk = (data: unknown): boolean =>
  data !== null && typeof data === 'object' && 'ok' in data && data.ok === true;

/**
 * The library's fetch. An answer is judged here, before the library sees it: what is not `ok` becomes
 * a `ProviderError`, whichever status it came with; the library would lose a Retry-After that is a
 * date, and put a page of HTML into the text of an error.
 * @param send one attempt with its own way of authorising
 */
function judged(send: (url: URL, init: RequestInit) => Promise<Response>): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input.toString());
    const operation = methodOf(url);
    const effect = effectOf(operation);
    const headers = new Headers(init.headers);
    const body = typeof init.body === 'string' ? init.body : '';
    if (effect === 'read') {
      url.search = body;
      headers.delete('content-type');
    }
    const write = { method: 'POST', body };
    const request = { headers, ...(effect === 'read' ? { method: 'GET' } : write) };
    try {
      const response = await send(url, request);
      const data = parsed(await response.text());
      if (response.ok && saysOk(data)) return Response.json(data);
      throw refusalError(
        operation,
        { status: response.status, headers: response.headers, data },
        effect,
      );
    } catch (error) {
      throw asProviderError(operation, error, effect);
    }
  };
}

/** Slack's client, sent once per call: whoever gave the fetch decides about repeating. */
function webClient(config: SlackConfig, send: Parameters<typeof judged>[0]): WebClient {
  return new WebClient(undefined, {
    slackApiUrl: config.api,
    fetch: judged(send),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logLevel: LogLevel.ERROR,
  });
}

/** For the calls that bring a client id and its secret instead of a token. */
export function clientWithoutToken(config: SlackConfig, send: typeof fetch): WebClient {
  return webClient(config, (url, init) => send(url, init));
}

/** For a token that is not a connection's (yet). */
export function clientWithToken(config: SlackConfig, send: typeof fetch, token: string): WebClient {
  return webClient(config, (url, init) => send(url, authorised(init, token)));
}

function authorised(init: RequestInit, token: string): RequestInit {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}

/** Slack's client, and what the connection may do. */
export interface SlackApi {
  readonly client: WebClient;
  readonly scopes: readonly string[];
}

/**
 * Slack's client over a connection's transport. A token that ran out is refused with HTTP 200 and
 * `token_expired`, which no layer below could know of: it is renewed here, once. So is one that was
 * revoked, which may have been replaced meanwhile, or be the oldest of three
 * (https://docs.slack.dev/authentication/using-token-rotation): whether the grant has ended as well,
 * the token endpoint says.
 */
export function slackApi(config: SlackConfig, transport: ProviderTransport): SlackApi {
  const client = webClient(config, async (url, init) => {
    const token = await transport.accessToken();
    const response = await transport.fetch(url, authorised(init, token));
    if (!(await isSpent(response))) return response;
    const renewed = await transport.accessToken(token);
    return renewed === token ? response : transport.fetch(url, authorised(init, renewed));
  });
  return { client, scopes: transport.scopes };
}

/** What Slack says of a token when another one of the same grant may do. */
const spent: readonly unknown[] = ['token_expired', 'token_revoked', 'invalid_auth'];

async function isSpent(response: Response): Promise<boolean> {
  const data = parsed(await response.clone().text());
  return data !== null && typeof data === 'object' && 'error' in data && spent.includes(data.error);
}

/**
 * Make one call and read its answer.
 * @param operation the method's name, for the record
 * @param shape what the answer must look like; anything else is `invalid_response`
 * @throws ProviderError
 */
export async function call<Shape extends z.ZodType>(
  operation: string,
  shape: Shape,
  request: () => Promise<unknown>,
): Promise<z.output<Shape>> {
  try {
    return shape.parse(await request());
  } catch (error) {
    throw asProviderError(operation, error, effectOf(operation));
  }
}

/** A page of a listing; an empty cursor says that it was the last one. */
interface Page {
  readonly response_metadata?: { readonly next_cursor?: string | undefined } | undefined;
}

/**
 * Walk a paged listing; yields each page's answer and holds only that.
 * @throws ProviderError `invalid_response` when a page points back at itself
 */
export async function* pages<Answer extends Page>(
  fetchPage: (cursor: string | undefined) => Promise<Answer>,
): AsyncGenerator<Answer> {
  let cursor: string | undefined;
  do {
    const page = await fetchPage(cursor);
    yield page;
    const next = page.response_metadata?.next_cursor || undefined;
    if (next !== undefined && next === cursor) throw endless();
    cursor = next;
  } while (cursor);
}

function endless(): ProviderError {
  const failure = { kind: 'invalid_response', status: 200, code: 'repeated_cursor' } as const;
  return new ProviderError('slack', 'paging', failure);
}

/** Whether it is this refusal of Slack's. */
export function isRefusal(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof ProviderError && codes.includes(error.failure.code ?? '');
}
