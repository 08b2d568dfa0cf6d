import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Account, Organization, ServiceAccount } from './state';
import type { Store } from './store';

/** Every organisation of the demo has one service account, in a project of its own. */
export function serviceAccountOf(store: Store, domain: string): ServiceAccount | undefined {
  return store.all('serviceAccounts', '').find((one) => one.domain === domain);
}

function keep(store: Store, account: ServiceAccount, change: Partial<ServiceAccount>) {
  const kept = { ...account, ...change };
  store.put('serviceAccounts', '', account.email, kept);
  return kept;
}

function makeKey(store: Store, account: ServiceAccount) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const key = { id: randomBytes(20).toString('hex'), pem };
  keep(store, account, { key });
  return key;
}

/**
 * The key file that Google Cloud would offer for download. It is made when first asked for and kept;
 * Google shows a key once only.
 */
export function keyFile(store: Store, url: string, account: ServiceAccount) {
  const { email, clientId, projectId } = account;
  const { id, pem } = account.key ?? makeKey(store, account);
  return {
    type: 'service_account',
    project_id: projectId,
    private_key_id: id,
    private_key: pem,
    client_email: email,
    client_id: clientId,
    auth_uri: `${url}/o/oauth2/auth`,
    token_uri: `${url}/token`,
    auth_provider_x509_cert_url: `${url}/oauth2/v1/certs`,
    client_x509_cert_url: `${url}/robot/v1/metadata/x509/${encodeURIComponent(email)}`,
    universe_domain: 'googleapis.com',
  };
}

/** What the administrator lets the organisation's service account do; nothing with no scopes. */
export function delegate(store: Store, organization: Organization, scopes: readonly string[]) {
  const clientId = serviceAccountOf(store, organization.domain)?.clientId ?? '';
  const others = organization.delegations.filter((one) => one.clientId !== clientId);
  const delegations = scopes.length > 0 ? [...others, { clientId, scopes }] : others;
  store.put('organizations', '', organization.domain, { ...organization, delegations });
}

/** What is allowed at present. */
export function delegated(store: Store, { domain, delegations }: Organization): readonly string[] {
  const clientId = serviceAccountOf(store, domain)?.clientId;
  return delegations.find((one) => one.clientId === clientId)?.scopes ?? [];
}

export const serviceAccountActions = ['enable', 'disable', 'delete', 'new_key'] as const;
type ServiceAccountAction = (typeof serviceAccountActions)[number];

/** What its owner can do with a service account in Google Cloud. */
export function changeServiceAccount(
  store: Store,
  account: ServiceAccount,
  action: ServiceAccountAction,
): void {
  const states = { enable: 'enabled', disable: 'disabled', delete: 'deleted' } as const;
  if (action === 'new_key') makeKey(store, account);
  else keep(store, account, { state: states[action] });
}

const delegationRequest = z.strictObject({ domain: z.string(), scopes: z.array(z.string()) });
const accountRequest = z.strictObject({
  domain: z.string(),
  action: z.enum(serviceAccountActions),
});
const personRequest = z.strictObject({
  account: z.string(),
  admin: z.boolean().optional(),
  suspended: z.boolean().optional(),
  gmail: z.boolean().optional(),
});

const done = () => new Response(null, { status: 204 });
const absent = () => Response.json({ error: 'not found' }, { status: 404 });

function download(store: Store, url: string, domain: string): Response {
  const account = serviceAccountOf(store, domain);
  if (!account) return absent();
  const name = `${account.projectId}-key.json`;
  const response = Response.json(keyFile(store, url, account), {
    headers: {
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
    },
  });
  store.commit();
  return response;
}

function changePerson(store: Store, given: unknown): Response {
  const { account, ...change } = personRequest.parse(given);
  const person = store.get('accounts', '', account);
  if (!person) return absent();
  const said = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  );
  const changed: Account = { ...person, ...said };
  store.put('accounts', '', account, changed);
  return done();
}

/**
 * - `GET /__service-account?domain=` the key file of an organisation's service account
 * - `POST /__service-account` `{domain, action}`: enable, disable, delete, new_key
 * - `POST /__delegation` `{domain, scopes}` what the administrator lets it do
 * - `POST /__people` `{account, admin?, suspended?, gmail?}`
 */
export async function delegationControl(
  store: Store,
  url: string,
  request: Request,
): Promise<Response | null> {
  const { pathname, searchParams } = new URL(request.url);
  switch (`${request.method} ${pathname}`) {
    case 'GET /__service-account':
      return download(store, url, searchParams.get('domain') ?? '');
    case 'POST /__service-account': {
      const { domain, action } = accountRequest.parse(await request.json());
      const account = serviceAccountOf(store, domain);
      if (!account) return absent();
      changeServiceAccount(store, account, action);
      break;
    }
    case 'POST /__delegation': {
      const { domain, scopes } = delegationRequest.parse(await request.json());
      const organization = store.get('organizations', '', domain);
      if (!organization) return absent();
      delegate(store, organization, scopes);
      break;
    }
    case 'POST /__people': {
      const answer = changePerson(store, await request.json());
      store.commit();
      return answer;
    }
    default:
      return null;
  }
  store.commit();
  return done();
}
