import type { EmulatorContext } from 'emulate';
import type { AccessToken, Store } from './state';

export type App = EmulatorContext<object>['app'];

/** Thrown by a method; becomes Slack's answer, with HTTP 200 as Slack sends it. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(code);
  }
}

/** One authorised call. */
export interface ApiCall {
  readonly store: Store;
  readonly token: AccessToken;
  readonly botUserId: string;
  readonly given: URLSearchParams;
  /** @throws Refused `missing_scope` unless the token has one of them */
  require(...scopes: readonly string[]): void;
}

export function bearer(request: Request): string | null {
  return /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

/** Arguments come in the query, as a form, or as JSON: https://docs.slack.dev/apis/web-api */
export async function readArguments(request: Request): Promise<URLSearchParams> {
  if (request.method === 'GET') return new URL(request.url).searchParams;
  const text = await request.text();
  if (!request.headers.get('content-type')?.includes('json')) return new URLSearchParams(text);
  const given: unknown = JSON.parse(text);
  const entries = Object.entries(given !== null && typeof given === 'object' ? given : {});
  return new URLSearchParams(
    entries.map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** The token of a request. @throws Refused as Slack refuses it */
export function authenticate(store: Store, presented: string | null): AccessToken {
  if (presented === null) throw new Refused('not_authed');
  const token = store.get('accessTokens', '', presented);
  if (!token) throw new Refused('invalid_auth');
  if (token.ended) throw new Refused(token.ended);
  if (token.expiresAt <= Date.now()) throw new Refused('token_expired');
  return token;
}

function requirement({ scopes }: AccessToken): ApiCall['require'] {
  return (...accepted) => {
    if (accepted.some((scope) => scopes.includes(scope))) return;
    throw new Refused('missing_scope', { needed: accepted.join(','), provided: scopes.join(',') });
  };
}

/** Answer a call; its changes are on disk before the answer. */
export async function answered(
  store: Store,
  work: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<Response> {
  try {
    return Response.json({ ok: true, ...(await work()) });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return Response.json({ ok: false, error: error.code, ...error.more });
  } finally {
    store.commit();
  }
}

/** Registers methods of the Web API, for GET and POST alike. */
export function methods(app: App, store: Store) {
  return (name: string, handle: (call: ApiCall) => object | Promise<object>): void => {
    const route = (context: { readonly req: { readonly raw: Request } }) =>
      answered(store, async () => {
        const request = context.req.raw;
        const given = await readArguments(request.clone());
        const token = authenticate(store, bearer(request) ?? given.get('token'));
        const botUserId = store.get('installations', '', token.teamId)?.botUserId ?? '';
        const call = { store, token, botUserId, given, require: requirement(token) };
        return { ...(await handle(call)) };
      });
    app.get(`/api/${name}`, route);
    app.post(`/api/${name}`, route);
  };
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly response_metadata: { readonly next_cursor: string };
}

/**
 * One page, by a cursor that names the last row given out
 * (https://docs.slack.dev/apis/web-api/pagination). An empty cursor says that it was the last page.
 */
export function page<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  given: URLSearchParams,
): Page<Row> {
  const size = Math.min(Math.max(Number(given.get('limit')) || 100, 1), 999);
  const cursor = given.get('cursor');
  let begin = 0;
  if (cursor) {
    const last = Buffer.from(cursor, 'base64')
      .toString()
      .replace(/^after:/, '');
    begin = rows.findIndex((row) => keyOf(row) === last) + 1;
    if (begin === 0) throw new Refused('invalid_cursor');
  }
  const shown = rows.slice(begin, begin + size);
  const last = shown.at(-1);
  const more = last !== undefined && begin + size < rows.length;
  const next_cursor = more ? Buffer.from(`after:${keyOf(last)}`).toString('base64') : '';
  return { rows: shown, response_metadata: { next_cursor } };
}
