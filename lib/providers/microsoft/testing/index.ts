import { answerConsent, type ConsentAnswer, testRedirect } from '@/emulators/testing';
import type { Authority } from '../../contract';
import type { ProviderTransport, TokenSet } from '../../provider';
import {
  applicationScopes,
  delegatedScopes,
  emulatorConfig,
  microsoftAdminConsent,
  microsoftClient,
  microsoftOAuth,
} from '../index';

/** The directories and people that the emulated Microsoft begins with. */
export const northwind = '6f2c1b84-0a5d-4e37-9c41-2b8f7d3e5a10';
export const fabrikam = 'b93e7a52-4d18-4c6f-8e02-71a5c0d94f36';
/** Global Administrator of Northwind. */
export const olivia = 'olivia@northwind.example';
/** Global Administrator of Fabrikam. */
export const omar = 'omar@fabrikam.example';

interface Stand {
  readonly url: string;
}

export const allDelegated = delegatedScopes.map(({ scope }) => scope);

/** Consent as one person; gives what the redirect brought back, and the code's other half. */
export async function consentAs(
  { url }: Stand,
  answer: ConsentAnswer,
  scopes: readonly string[] = allDelegated,
) {
  const oauth = microsoftOAuth(emulatorConfig(url), 'delegated');
  const { codeVerifier, codeChallenge } = await oauth.createPkce();
  const redirectUri = testRedirect;
  const page = oauth.authorizationUrl({ state: 'one-time', codeChallenge, redirectUri, scopes });
  const back = await answerConsent(page, answer);
  const code = back.searchParams.get('code') ?? '';
  return { oauth, back, exchange: { code, codeVerifier, redirectUri } };
}

/** A client with one fixed token, and nothing around it. */
export function clientWith(
  { url }: Stand,
  authority: Authority,
  tokens: TokenSet,
  send: typeof fetch = fetch,
) {
  const transport: ProviderTransport = {
    accessToken: async () => tokens.accessToken,
    fetch: send,
    scopes: tokens.scopes,
  };
  return microsoftClient(emulatorConfig(url), authority, transport);
}

/** One person's account, connected. */
export async function connectPerson(
  stand: Stand,
  email: string,
  scopes: readonly string[] = allDelegated,
  send?: typeof fetch,
) {
  const { oauth, exchange } = await consentAs(stand, { email }, scopes);
  const tokens = await oauth.exchangeCode(exchange);
  return { oauth, tokens, client: clientWith(stand, 'delegated', tokens, send) };
}

/** An administrator's consent, as far as the page goes. */
export async function consentForOrganization({ url }: Stand, email: string) {
  const consent = microsoftAdminConsent(emulatorConfig(url));
  const page = consent.url({ state: 'one-time', redirectUri: testRedirect });
  const back = await answerConsent(page, { email });
  return { consent, back, answer: consent.read(back.searchParams) };
}

/** The proof sign-in of somebody, to a directory. */
export async function proveAs({ url }: Stand, email: string, organizationId: string) {
  const oauth = microsoftOAuth(emulatorConfig(url), 'delegated');
  const consent = microsoftAdminConsent(emulatorConfig(url));
  const { codeVerifier, codeChallenge } = await oauth.createPkce();
  const redirectUri = testRedirect;
  const request = { organizationId, state: 'proof', codeChallenge, redirectUri };
  const back = await answerConsent(consent.proofUrl(request), { email });
  const code = back.searchParams.get('code') ?? '';
  return { back, exchange: { code, codeVerifier, redirectUri, organizationId } };
}

/** A whole organisation, connected by its administrator. */
export async function connectOrganization(stand: Stand, email = olivia, send?: typeof fetch) {
  const { consent, answer } = await consentForOrganization(stand, email);
  if (!answer.consented) throw new Error(`not consented: ${answer.error}`);
  const { exchange } = await proveAs(stand, email, answer.organizationId);
  const verified = await consent.verify(await consent.prove(exchange));
  return { ...verified, client: clientWith(stand, 'application', verified.tokens, send) };
}

export const allApplication = applicationScopes.map(({ scope }) => scope);
