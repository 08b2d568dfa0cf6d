import { createHash, createPublicKey, createVerify, verify, X509Certificate } from 'node:crypto';
import { tokenError } from '../errors';
import type { Client, Store } from '../state';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const invalidClient = (number: number, words: string) =>
  tokenError(401, 'invalid_client', number, words);

function decoded(part: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
  } catch {
    throw invalidClient(50027, 'JWT token is invalid or malformed.');
  }
}

/** The registered certificate that an assertion names by its thumbprint (`x5t#S256` or `x5t`). */
function namedCertificate(client: Client, header: Record<string, unknown>) {
  const found = client.certificates
    .map((pem) => new X509Certificate(pem))
    .find((certificate) => {
      const thumbprint = (algorithm: string) =>
        createHash(algorithm).update(certificate.raw).digest('base64url');
      return header['x5t#S256'] === thumbprint('sha256') || header.x5t === thumbprint('sha1');
    });
  if (found) return found;
  throw invalidClient(
    700027,
    'The certificate with identifier used to sign the client assertion is not registered on application.',
  );
}

function validSignature(algorithm: unknown, input: string, signature: Buffer, key: string) {
  const publicKey = createPublicKey(key);
  if (algorithm === 'RS256')
    return createVerify('sha256').update(input).verify(publicKey, signature);
  if (algorithm !== 'PS256') return false;
  const padding = { key: publicKey, padding: 6, saltLength: 32 };
  return verify('sha256', Buffer.from(input), padding, signature);
}

/**
 * Check a client assertion (RFC 7523).
 * Source: https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
function checkAssertion(client: Client, assertion: string, audiences: readonly string[]): void {
  const [header, payload, signature = ''] = assertion.split('.');
  const head = decoded(header);
  const claims = decoded(payload);
  const certificate = namedCertificate(client, head);
  const bytes = Buffer.from(signature, 'base64url');
  const pem = certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  if (!validSignature(head.alg, `${header}.${payload}`, bytes, pem)) {
    throw invalidClient(700027, 'Client assertion failed signature validation.');
  }
  const now = Date.now() / 1_000;
  if (Number(claims.exp) < now - 300 || Number(claims.nbf ?? 0) > now + 300) {
    throw invalidClient(700024, 'Client assertion is not within its valid time range.');
  }
  if (claims.iss !== client.clientId || claims.sub !== client.clientId) {
    throw invalidClient(700021, 'Client assertion application identifier does not match.');
  }
  if (typeof claims.aud !== 'string' || !audiences.includes(claims.aud)) {
    throw invalidClient(700023, 'Client assertion audience claim does not match Realm issuer.');
  }
}

/**
 * The client of a token request, after it has proved who it is.
 * @param audiences addresses that an assertion may be made out to
 */
export function authenticateClient(
  store: Store,
  request: Request,
  form: URLSearchParams,
  audiences: readonly string[],
): Client {
  const basic = /^Basic (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const [basicId, basicSecret] = basic
    ? Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
    : [];
  const id = form.get('client_id') ?? basicId ?? '';
  const client = store.get('clients', '', id);
  if (!client) {
    throw tokenError(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${id}' was not found in the directory.`,
    );
  }
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    if (form.get('client_assertion_type') !== assertionType) {
      throw tokenError(400, 'invalid_request', 900144, "Missing 'client_assertion_type'.");
    }
    checkAssertion(client, assertion, audiences);
    return client;
  }
  const secret = form.get('client_secret') ?? basicSecret;
  if (!secret) {
    throw invalidClient(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  if (!client.secrets.includes(secret)) {
    throw invalidClient(
      7000215,
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.',
    );
  }
  return client;
}
