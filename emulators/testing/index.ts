import type {
  DiscoveredResource,
  DiscoveryOptions,
  ProviderClient,
  ProviderOAuth,
  TokenSet,
} from '@/lib/providers';
import { emulatorConfig, googleClient, googleOAuth, googleScopes } from '@/lib/providers/google';

/** What somebody answers on the consent page. */
export interface ConsentAnswer {
  readonly email?: string;
  /** Permissions whose boxes are left ticked; all of them unless said. */
  readonly granted?: readonly string[];
  readonly deny?: boolean;
}

function unescapeHtml(html: string): string {
  const entities: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  };
  return html.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);
}

/** Fill in a form of a page and send it, as a browser would. */
async function sendForm(html: string, base: string, answer: ConsentAnswer): Promise<Response> {
  const { email, granted, deny = false } = answer;
  const form = new URLSearchParams();
  for (const [, name = '', value = ''] of html.matchAll(
    /<input[^>]* name="([^"]+)" value="([^"]*)"/g,
  )) {
    const box = name === 'granted' && granted && !granted.includes(unescapeHtml(value));
    if (!box) form.append(name, unescapeHtml(value));
  }
  if (/<button[^>]* name="return"/.test(html)) form.set('return', '1');
  else if (deny) form.set('deny', '1');
  else if (email) form.set('email', email);
  const action = /<form[^>]* action="([^"]+)"/.exec(html)?.[1] ?? '';
  return fetch(new URL(unescapeHtml(action), base), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
}

/**
 * Open the consent page and send its form, as a browser would; returns where it redirects to. A page
 * that only leads back, for somebody who may not consent, is left by its one button.
 */
export async function answerConsent(
  authorizationUrl: string,
  consent: ConsentAnswer,
): Promise<URL> {
  let answer = await fetch(authorizationUrl, { redirect: 'manual' });
  for (let pages = 0; pages < 2 && !answer.headers.has('location'); pages += 1) {
    const html = await answer.text();
    if (!answer.ok) {
      throw new Error(`the consent page answered ${answer.status}: ${html.slice(-400)}`);
    }
    answer = await sendForm(html, authorizationUrl, consent);
  }
  return new URL(answer.headers.get('location') ?? '');
}

export interface Connected {
  readonly oauth: ProviderOAuth;
  readonly tokens: TokenSet;
  readonly client: ProviderClient;
}

export const testRedirect = 'http://localhost:3000/callback';

/** Consent as this account and come back with its tokens and a client that uses them. */
export async function connectAs(
  emulator: { readonly url: string },
  email: string,
  scopes: readonly string[] = googleScopes.map(({ scope }) => scope),
): Promise<Connected> {
  const config = emulatorConfig(emulator.url);
  const oauth = googleOAuth(config);
  const { codeVerifier, codeChallenge } = await oauth.createPkce();
  const url = oauth.authorizationUrl({
    state: 'state',
    codeChallenge,
    redirectUri: testRedirect,
    scopes,
  });
  const back = await answerConsent(url, { email });
  const code = back.searchParams.get('code') ?? '';
  const tokens = await oauth.exchangeCode({ code, codeVerifier, redirectUri: testRedirect });
  const accessToken = async () => tokens.accessToken;
  return {
    oauth,
    tokens,
    client: googleClient(config, { accessToken, fetch, scopes: tokens.scopes }),
  };
}

/** What a discovery finds, batch by batch. */
export async function* resourceBatches(
  client: ProviderClient,
  options: DiscoveryOptions = {},
): AsyncGenerator<readonly DiscoveredResource[]> {
  for await (const batch of client.discover(options)) {
    yield batch.filter((one): one is DiscoveredResource => !('removed' in one));
  }
}

/** The same, in one list. */
export const discovered = (client: ProviderClient, options?: DiscoveryOptions) =>
  collect(resourceBatches(client, options));

/** What a refresh is asked for with. */
export const refreshTokenOf = ({ refreshToken }: TokenSet) =>
  ({ kind: 'refresh_token', refreshToken: refreshToken ?? '' }) as const;

/** All batches of a generator, in one list. */
export async function collect<Item>(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
}
