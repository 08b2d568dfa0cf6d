import { createEmulator, defineEmulator } from 'emulate';
import type { Service } from '../front';
import { bearer } from './api';
import { assertedSubject } from './assertion';
import { calendarRoutes } from './calendar';
import { directoryRoutes } from './directory';
import { driveRoutes } from './drive';
import { gmailRoutes } from './gmail';
import { oauthRoutes } from './oauth';
import { type Change, emptyState, type State } from './state';
import { Store } from './store';

/** Google as one service: its APIs on the emulator's runtime, over one state. */
export interface GoogleService {
  readonly store: Store;
  readonly fetch: Service['fetch'];
  readonly accountOf: Service['accountOf'];
  close(): Promise<void>;
}

/** Who a request speaks for: by its access token, or by the refresh token that it spends. */
async function accountOf(store: Store, request: Request): Promise<string | null> {
  const token = bearer(request);
  if (token !== null) return store.get('accessTokens', '', token)?.email ?? null;
  if (request.method !== 'POST' || !/^\/(token|revoke)$/.test(new URL(request.url).pathname)) {
    return null;
  }
  const form = new URLSearchParams(await request.text());
  const code = store.get('codes', '', form.get('code') ?? '');
  const spent = form.get('refresh_token') ?? form.get('token') ?? '';
  const grant =
    code ?? store.get('refreshTokens', '', spent) ?? store.get('accessTokens', '', spent);
  return grant?.email ?? assertedSubject(form);
}

/**
 * Start the service, without a port of its own.
 * @param record is called with the changes of each request before it is answered
 */
export async function startGoogle(
  baseUrl: string,
  state: State,
  record: (changes: readonly Change[]) => void,
): Promise<GoogleService> {
  // A state that was kept by an earlier version has not all tables.
  const store = new Store(Object.assign(state, { ...emptyState(), ...state }), record);
  const definition = defineEmulator({
    name: 'google',
    // The runtime copies what it is given here at every start and, to persist it, at every
    // request; thousands of rows are cheaper kept beside it.
    state: () => ({}),
    cors: false,
    setup({ app }) {
      oauthRoutes(app, store, baseUrl);
      gmailRoutes(app, store);
      driveRoutes(app, store);
      calendarRoutes(app, store);
      directoryRoutes(app, store);
    },
  });
  const runtime = await createEmulator({ service: definition, baseUrl, listen: false });
  return {
    store,
    fetch: (request) => runtime.fetch(request),
    accountOf: (request) => accountOf(store, request),
    close: () => runtime.close(),
  };
}
