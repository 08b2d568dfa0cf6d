import type { EmulatorContext } from 'emulate';
import { Refused } from '../errors';
import type { Store } from '../state';
import { publicKeys } from '../tokens';
import { administratorDecides, askAdministrator } from './admin-consent';
import { askPerson, personDecides } from './authorize';
import { tokenEndpoint } from './token';

export type App = EmulatorContext<object>['app'];

/** Run a handler; its refusals become answers and its changes are on disk before it answers. */
export async function guarded(
  store: Store,
  work: () => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return error.response();
    throw error;
  } finally {
    store.commit();
  }
}

/** Source: https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration */
function openIdConfiguration(store: Store, baseUrl: string, tenant: string) {
  const directory = store.directory(tenant);
  const at = (path: string) => `${baseUrl}/${tenant}${path}`;
  return {
    issuer: `${baseUrl}/${directory?.tid ?? '{tenantid}'}/v2.0`,
    authorization_endpoint: at('/oauth2/v2.0/authorize'),
    token_endpoint: at('/oauth2/v2.0/token'),
    jwks_uri: at('/discovery/v2.0/keys'),
    response_modes_supported: ['query'],
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    token_endpoint_auth_methods_supported: [
      'client_secret_post',
      'private_key_jwt',
      'client_secret_basic',
    ],
    code_challenge_methods_supported: ['S256'],
  };
}

/** What answers at login.microsoftonline.com. */
export function loginRoutes(app: App, store: Store, baseUrl: string): void {
  app.get('/:tenant/oauth2/v2.0/authorize', ({ req }) =>
    guarded(store, () => askPerson(store, req.param('tenant'), new URL(req.url).searchParams)),
  );
  app.post('/:tenant/login', ({ req }) =>
    guarded(store, async () =>
      personDecides(store, req.param('tenant'), new URLSearchParams(await req.text())),
    ),
  );
  app.get('/:tenant/v2.0/adminconsent', ({ req }) =>
    guarded(store, () =>
      askAdministrator(store, req.param('tenant'), new URL(req.url).searchParams),
    ),
  );
  app.post('/:tenant/adminconsent/decision', ({ req }) =>
    guarded(store, async () =>
      administratorDecides(store, req.param('tenant'), new URLSearchParams(await req.text())),
    ),
  );
  app.post('/:tenant/oauth2/v2.0/token', ({ req }) =>
    guarded(store, () => tokenEndpoint(store, baseUrl, req.param('tenant'), req.raw)),
  );
  app.get('/:tenant/v2.0/.well-known/openid-configuration', ({ req }) =>
    guarded(store, () => Response.json(openIdConfiguration(store, baseUrl, req.param('tenant')))),
  );
  app.get('/:tenant/discovery/v2.0/keys', () =>
    guarded(store, () => Response.json(publicKeys(store))),
  );
}
