import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ProviderError } from '../contract';
import type {
  AdminConsent,
  AdminConsentAnswer,
  Allowance,
  OrganizationPerson,
  ProviderOAuth,
  TokenSet,
} from '../provider';
import { mayConnect } from './administrators';
import { adviceFor } from './advice';
import type { MicrosoftConfig } from './config';
import { type Graph, graphOver } from './graph';
import { anyOrganization, denied, directoryId, IdentityPlatform } from './identity-platform';
import { everythingConsented, microsoftOAuth, signInUrl } from './oauth';
import { readOrganization } from './organization';
import { holds, proofRoles } from './scopes';

/** Knowing who somebody is takes no more than this, and no consent of an administrator. */
const proofScopes = ['openid', 'profile'];

/** Milliseconds until a directory that has just consented knows our app everywhere. */
const freshConsentDelay = 2_000;

const identity = z.object({
  tid: z.string().regex(directoryId),
  oid: z.string().min(1),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
});

const membership = z.object({ roleTemplateId: z.string().nullish() });

/**
 * Consent for a whole organisation, and the proof that one of its administrators gave it.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-admin-consent ("never use the tenant
 * ID value of the `tenant` parameter to authenticate or authorize users")
 */
export function microsoftAdminConsent(
  config: MicrosoftConfig,
  send: typeof fetch = fetch,
): AdminConsent {
  const platform = new IdentityPlatform(config, 'delegated', send);
  const oauth = microsoftOAuth(config, 'application', send);

  return {
    url: (request) => adminConsentUrl(config, everythingConsented, request),

    read: readAnswer,

    proofUrl: ({ organizationId, ...request }) =>
      signInUrl(config, organizationId, { ...request, scopes: proofScopes }),

    async prove({ organizationId, ...exchange }) {
      const { person, response, issuer } = await platform.code(organizationId, exchange);
      await platform.verifySignature(issuer, response);
      const claims = identity.safeParse(person);
      if (!claims.success || claims.data.tid.toLowerCase() !== organizationId.toLowerCase()) {
        throw denied('oauth.prove', 'other_organization');
      }
      const { tid, oid, name, preferred_username } = claims.data;
      return {
        organizationId: tid.toLowerCase(),
        personId: oid,
        name: name ?? null,
        address: preferred_username?.toLowerCase() ?? null,
      };
    },

    async verify(person, { again = false } = {}) {
      const grant = { kind: 'client_credentials', organizationId: person.organizationId } as const;
      const tokens = await freshly(oauth, grant);
      const graph = graphOver(config, 'application', {
        accessToken: async () => tokens.accessToken,
        fetch: send,
        scopes: tokens.scopes,
      });
      await requireAdministrator(graph, person, tokens, again);
      const organization = await readOrganization(graph);
      if (organization.id.toLowerCase() !== person.organizationId) {
        throw denied('organization', 'other_organization');
      }
      const account = {
        accountId: person.organizationId,
        email: null,
        name: organization.name,
        organizationId: person.organizationId,
      };
      return { account, domain: organization.domain, tokens, grant };
    },
  };
}

/** A permission by its whole name, which tells Graph's from those of other resources. */
const wholeName = (scope: string) =>
  scope.includes('.') ? `https://graph.microsoft.com/${scope}` : scope;

/**
 * Consent for everybody to what a person is asked for, where an organisation lets only its
 * administrators allow apps.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
 */
export const microsoftAllowance = (config: MicrosoftConfig): Allowance => ({
  url: ({ scopes, ...request }) =>
    adminConsentUrl(config, scopes.map(wholeName).join(' '), request),
  read: readAnswer,
});

function adminConsentUrl(
  config: MicrosoftConfig,
  scope: string,
  { state, redirectUri, organizationId = anyOrganization }: Parameters<AdminConsent['url']>[0],
): string {
  const url = new URL(`${config.login}/${organizationId}/v2.0/adminconsent`);
  url.searchParams.set('client_id', config.clientId);
  url.searchParams.set('scope', scope);
  url.searchParams.set('redirect_uri', redirectUri);
  url.searchParams.set('state', state);
  return url.href;
}

function readAnswer(answer: URLSearchParams): AdminConsentAnswer {
  const error = answer.get('error');
  if (error) return { consented: false, error, description: answer.get('error_description') };
  const organizationId = answer.get('tenant') ?? '';
  const consented = /^true$/i.test(answer.get('admin_consent') ?? '');
  if (!consented || !directoryId.test(organizationId)) {
    return { consented: false, error: 'incomplete_answer', description: null };
  }
  return { consented: true, organizationId: organizationId.toLowerCase() };
}

/** A consent of this moment may not have reached every server yet: ask once more. */
async function freshly(
  oauth: ProviderOAuth,
  grant: { readonly kind: 'client_credentials'; readonly organizationId: string },
): Promise<TokenSet> {
  try {
    return await oauth.refresh(grant);
  } catch (error) {
    const unknown = /^AADSTS(700016|7000229)$/;
    if (!(error instanceof ProviderError && unknown.test(error.failure.code ?? ''))) throw error;
    await delay(freshConsentDelay);
    return oauth.refresh(grant);
  }
}

/** @throws ProviderError `needs_scopes` when we cannot know, `forbidden` when the person is none */
async function requireAdministrator(
  graph: Graph,
  { personId }: OrganizationPerson,
  { scopes }: TokenSet,
  again: boolean,
): Promise<void> {
  const missing = proofRoles.filter((role) => !holds(scopes, role));
  if (missing.length > 0) {
    const code = 'roles_missing';
    const kind = 'needs_scopes';
    const failure = { kind, status: null, code, missing, ...adviceFor(code) } as const;
    throw new ProviderError('microsoft', 'oauth.verify', failure);
  }
  // Roles only, also those held through a group; a cast is answered from an index, which asks for so.
  // https://learn.microsoft.com/graph/api/user-list-transitivememberof
  const path = `/users/${encodeURIComponent(personId)}/transitiveMemberOf/microsoft.graph.directoryRole`;
  const roles = graph.pages(path, membership, {
    query: { $count: 'true', $select: 'id,roleTemplateId' },
    headers: { consistencylevel: 'eventual' },
    takes: proofRoles,
  });
  try {
    for await (const { items } of roles) {
      if (items.some((one) => mayConnect(one.roleTemplateId ?? '', again))) return;
    }
  } catch (error) {
    const stranger = error instanceof ProviderError && error.kind === 'not_found';
    if (!stranger) throw error;
  }
  throw denied('oauth.verify', 'not_an_administrator');
}
