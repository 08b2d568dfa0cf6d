import { createHash, randomBytes } from 'node:crypto';
import { answerConsent, type ConsentAnswer } from '../testing';
import { demoApp } from './seed';
import { seedDirectories } from './seed/directories';

/** Directory ids by the part of the domain before the dot. */
export const tids = {
  northwind: seedDirectories[0]?.tid ?? '',
  fabrikam: seedDirectories[1]?.tid ?? '',
} as const;

export const redirectUri = 'http://localhost:3000/callback';

export interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly scope: string;
  readonly error: string;
  readonly error_codes: readonly number[];
  readonly error_description: string;
  readonly suberror?: string;
}

/** An answer of Graph's: a row, a collection of rows, or an error. */
export interface GraphAnswer {
  readonly [name: string]: unknown;
  readonly id: string;
  readonly value: readonly GraphAnswer[];
  readonly error: { readonly code: string; readonly message: string };
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
}

/** A client of the emulated Microsoft that speaks its protocol by hand. */
export class RawClient {
  constructor(readonly url: string) {}

  /** Ask the token endpoint as our app does. */
  async token(
    form: Record<string, string>,
    tenant = 'organizations',
  ): Promise<{ status: number; body: TokenAnswer }> {
    const response = await fetch(`${this.url}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: demoApp.clientId,
        ...(!form.client_assertion && { client_secret: demoApp.secret }),
        ...form,
      }),
    });
    return { status: response.status, body: (await response.json()) as TokenAnswer };
  }

  /** Answer the consent page; returns where it leads back to, and the verifier for the code. */
  async consent(
    answer: ConsentAnswer,
    scope: string,
    changes: Record<string, string> = {},
  ): Promise<{ back: URL; verifier: string }> {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      client_id: demoApp.clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope,
      state: 'state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      nonce: 'nonce',
      ...changes,
    });
    const url = `${this.url}/organizations/oauth2/v2.0/authorize?${query}`;
    return { back: await answerConsent(url, answer), verifier };
  }

  /** Somebody's tokens. */
  async signIn(email: string, scope = 'openid profile offline_access User.Read') {
    const { back, verifier } = await this.consent({ email }, scope);
    const { body } = await this.token({
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
    return body;
  }

  async adminConsent(answer: ConsentAnswer, tenant = 'organizations'): Promise<URL> {
    const query = new URLSearchParams({
      client_id: demoApp.clientId,
      redirect_uri: redirectUri,
      scope: 'https://graph.microsoft.com/.default',
      state: 'state',
    });
    return answerConsent(`${this.url}/${tenant}/v2.0/adminconsent?${query}`, answer);
  }

  /** A token of the app itself, in a directory that has let it in. */
  appToken(tid: string) {
    return this.token(
      { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' },
      tid,
    );
  }

  /** Ask Graph. @param path below `/v1.0`, or a whole address */
  async graph(token: string, path: string, init: { method?: string; body?: unknown } = {}) {
    const address = path.startsWith('http') ? path : `${this.url}/v1.0${path}`;
    const response = await fetch(address, {
      method: init.method ?? 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
    });
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as GraphAnswer;
    return { status: response.status, headers: response.headers, body };
  }
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
