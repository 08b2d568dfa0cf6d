import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Claims = Record<string, unknown>;

interface Grant {
  readonly challenge: string;
  readonly nonce: string;
  readonly claims: Claims;
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * An OpenID provider whose every claim the test decides. Signs its tokens, checks the PKCE verifier,
 * and uses a code once; an issuer per path, such as `/google`.
 */
export class IdentityProvider {
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly #grants = new Map<string, Grant>();
  readonly #server: Server = createServer({ keepAliveTimeout: 0 }, (request, response) =>
    this.#answer(request, response),
  );

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, 'localhost', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  issuer(path: string): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /**
   * The person agrees at the provider.
   * @param address where the browser was sent
   * @param claims what the provider says of the person
   * @returns where the browser is sent back to
   */
  consent(address: string, claims: Claims): URL {
    const asked = new URL(address).searchParams;
    const code = randomUUID();
    this.#grants.set(code, {
      challenge: asked.get('code_challenge') ?? '',
      nonce: asked.get('nonce') ?? '',
      claims,
    });
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString();
    return back;
  }

  #token(claims: Claims): string {
    const head = `${encoded({ alg: 'RS256', kid: 'test' })}.${encoded(claims)}`;
    const signature = createSign('RSA-SHA256').update(head).sign(this.#keys.privateKey);
    return `${head}.${signature.toString('base64url')}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, path = '', what = ''] = /^(\/\w+)\/(.*)$/.exec(request.url ?? '') ?? [];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const { status, body } = this.#document(this.issuer(path), what, form);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }

  #document(issuer: string, what: string, form: URLSearchParams) {
    switch (what) {
      case '.well-known/openid-configuration':
        return {
          status: 200,
          body: {
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            userinfo_endpoint: `${issuer}/userinfo`,
            jwks_uri: `${issuer}/jwks`,
            code_challenge_methods_supported: ['S256'],
          },
        };
      case 'jwks': {
        const jwk = this.#keys.publicKey.export({ format: 'jwk' });
        return { status: 200, body: { keys: [{ ...jwk, kid: 'test', alg: 'RS256', use: 'sig' }] } };
      }
      case 'token':
        return this.#exchange(issuer, form);
      default:
        return { status: 404, body: {} };
    }
  }

  #exchange(issuer: string, form: URLSearchParams) {
    const code = form.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (grant?.challenge !== challenge) return { status: 400, body: { error: 'invalid_grant' } };
    const now = Math.floor(Date.now() / 1_000);
    const standard = { iss: issuer, aud: 'client-1', iat: now, exp: now + 300, nonce: grant.nonce };
    const token = this.#token({ ...standard, ...grant.claims });
    return {
      status: 200,
      body: { access_token: 'opaque', token_type: 'bearer', id_token: token },
    };
  }
}
