import type { ProviderClient, ProviderOAuth, TokenSet } from '@/lib/providers';
import { emulatorConfig, slackClient, slackOAuth, slackScopes } from '@/lib/providers/slack';
import type { Role } from '../consent-page';

export const testRedirect = 'http://localhost:3000/callback';

/**
 * Open Slack's consent page and answer it, as a browser would.
 * @param role of whom is signed in at Slack
 * @returns where it leads back to
 */
export async function answerSlackConsent(
  authorizationUrl: string,
  workspace: string | null,
  role: Role = 'admin',
): Promise<URL> {
  const page = await fetch(authorizationUrl);
  const html = await page.text();
  if (!page.ok) throw new Error(`the consent page answered ${page.status}: ${html.slice(-400)}`);
  const form = new URLSearchParams();
  for (const [, name = '', value = ''] of html.matchAll(
    /<input[^>]* name="([^"]+)" value="([^"]*)"/g,
  )) {
    form.append(name, value.replaceAll('&amp;', '&').replaceAll('&#39;', "'"));
  }
  const teams = [...html.matchAll(/name="team" value="([^"]+)".*?<span>([^.]+)\.slack/gs)];
  const team = teams.find(([, , domain]) => domain === workspace)?.[1];
  form.set('role', role);
  if (team) form.set('team', team);
  else form.set('deny', '1');
  const action = /<form[^>]* action="([^"]+)"/.exec(html)?.[1] ?? '';
  const answer = await fetch(new URL(action, authorizationUrl), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  return new URL(answer.headers.get('location') ?? '');
}

export interface ConnectedWorkspace {
  readonly oauth: ProviderOAuth;
  readonly tokens: TokenSet;
  readonly client: ProviderClient;
}

const everyScope = slackScopes.map(({ scope }) => scope);

/** Consent for this workspace (`northwind`) and come back with a client that uses its token. */
export async function connectWorkspace(
  emulator: { readonly url: string },
  workspace: string,
  scopes: readonly string[] = everyScope,
  redirectUri = testRedirect,
  role: Role = 'admin',
): Promise<ConnectedWorkspace> {
  const config = emulatorConfig(emulator.url);
  const oauth = slackOAuth(config);
  const { codeVerifier, codeChallenge } = await oauth.createPkce();
  const url = oauth.authorizationUrl({ state: 's', codeChallenge, redirectUri, scopes });
  const back = await answerSlackConsent(url, workspace, role);
  const code = back.searchParams.get('code') ?? '';
  const tokens = await oauth.exchangeCode({ code, codeVerifier, redirectUri });
  const accessToken = async () => tokens.accessToken;
  const client = slackClient(config, { accessToken, fetch, scopes: tokens.scopes });
  return { oauth, tokens, client };
}
