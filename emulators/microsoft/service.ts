import { createEmulator, defineEmulator } from 'emulate';
import { badRequest } from './errors';
import { graphService } from './graph';
import { bearer } from './graph/api';
import { loginRoutes } from './login';
import type { SeedOptions } from './seed';
import type { Change, State } from './state';
import { Store } from './state';
import { issuedToken, refreshTokenRow } from './tokens';

/** Microsoft as one service: sign-in and Graph on the emulator's runtime, over one state. */
export interface MicrosoftService {
  readonly store: Store;
  fetch(request: Request): Promise<Response>;
  accountOf(request: Request): Promise<string | null>;
  close(): Promise<void>;
}

/** A person's address, or the id of the directory in whose name the app asks. */
function nameOf(store: Store, grant: { readonly tid: string; readonly oid: string | null }) {
  return grant.oid === null ? grant.tid : (store.person(grant.tid, grant.oid)?.upn ?? null);
}

async function accountOf(store: Store, request: Request): Promise<string | null> {
  const token = bearer(request);
  if (token !== null) {
    const issued = issuedToken(store, token);
    return issued ? nameOf(store, issued) : null;
  }
  const tenant = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(new URL(request.url).pathname)?.[1];
  if (request.method !== 'POST' || tenant === undefined) return null;
  const form = new URLSearchParams(await request.text());
  if (form.get('grant_type') === 'client_credentials') return store.directory(tenant)?.tid ?? null;
  const grant =
    store.get('codes', '', form.get('code') ?? '') ??
    refreshTokenRow(store, form.get('refresh_token') ?? '');
  return grant ? nameOf(store, grant) : null;
}

/** What is asked of Graph and not emulated is refused as Graph refuses what it does not know. */
async function unlessUnknown(request: Request, response: Response): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (response.status !== 404 || !pathname.startsWith('/v1.0/')) return response;
  const known = (await response.clone().text()).includes('"innerError"');
  const segment = pathname.split('/').at(-1) ?? '';
  return known
    ? response
    : badRequest(`Resource not found for the segment '${segment}'.`).response();
}

/**
 * Start the service, without a port of its own.
 * @param record is called with the changes of each request before it is answered
 */
export async function startMicrosoft(
  baseUrl: string,
  state: State,
  record: (changes: readonly Change[]) => void,
  seed: SeedOptions,
): Promise<MicrosoftService> {
  const store = new Store(state, record);
  const answer = async (request: Request) => unlessUnknown(request, await runtime.fetch(request));
  const definition = defineEmulator({
    name: 'microsoft',
    // Kept beside the runtime, which would copy it at each request.
    state: () => ({}),
    cors: false,
    setup({ app }) {
      graphService(app, store, baseUrl, seed, answer);
      loginRoutes(app, store, baseUrl);
    },
  });
  const runtime = await createEmulator({ service: definition, baseUrl, listen: false });
  return {
    store,
    fetch: answer,
    accountOf: (request) => accountOf(store, request),
    close: () => runtime.close(),
  };
}
