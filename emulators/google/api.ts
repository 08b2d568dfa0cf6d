import type { EmulatorContext } from 'emulate';
import { insufficientScopes, notFound, Refused, unauthorized } from './errors';
import { partial } from './fields';
import type { AccessToken, Account } from './state';
import type { Store } from './store';

export type App = EmulatorContext<object>['app'];
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** One authorised API call. */
export interface ApiCall {
  readonly store: Store;
  readonly account: Account;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  /** The JSON body; `{}` without one. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: Request;
}

/** Answer undefined for 204. */
export type ApiHandler = (call: ApiCall) => unknown;

export function bearer(request: Request): string | null {
  return /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

/** The live token of a request, or undefined when it has none, or one expired or revoked. */
export function liveToken(store: Store, request: Request): AccessToken | undefined {
  const token = bearer(request);
  const found = token === null ? undefined : store.get('accessTokens', '', token);
  return found && found.expiresAt > Date.now() ? found : undefined;
}

function authorize(store: Store, request: Request, accepted: readonly string[]): Account {
  const token = liveToken(store, request);
  const account = token && store.get('accounts', '', token.email);
  if (!token || !account || account.suspended) throw unauthorized();
  if (!accepted.some((scope) => token.scopes.includes(scope))) throw insufficientScopes(accepted);
  return account;
}

async function jsonBody(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (!text || !request.headers.get('content-type')?.includes('json')) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (parsed && typeof parsed === 'object' && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // Refused below.
  }
  throw new Refused(400, {
    error: { code: 400, message: 'Parse Error', errors: [], status: 'INVALID_ARGUMENT' },
  });
}

/** Run a handler; its refusals become answers and its changes are on disk before it answers. */
export async function guarded(store: Store, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return error.response();
    throw error;
  } finally {
    store.commit();
  }
}

/** Registers API methods: each with the scopes that Google's discovery document accepts for it. */
export function apiRoutes(app: App, store: Store) {
  return (method: Method, path: string, accepted: readonly string[], handler: ApiHandler): void => {
    app[method](path, (context) =>
      guarded(store, async () => {
        const request = context.req.raw;
        const account = authorize(store, request, accepted);
        const params = context.req.param();
        if (params.userId !== undefined && !['me', account.email].includes(params.userId)) {
          throw notFound();
        }
        const query = new URL(request.url).searchParams;
        const body = await jsonBody(request.clone());
        const result = await handler({ store, account, query, params, body, request });
        if (result === undefined) return new Response(null, { status: 204 });
        return Response.json(partial(result, query.get('fields')));
      }),
    );
  };
}
