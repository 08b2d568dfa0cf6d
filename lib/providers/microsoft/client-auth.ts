import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  type AuthorizationServer,
  type ClientAuth,
  ClientSecretPost,
  modifyAssertion,
  PrivateKeyJwt,
} from 'oauth4webapi';
import { ProviderError } from '../contract';
import type { ClientProof } from './config';

/** Nobody but the operator can do anything about it; what is in the file stays unsaid. */
function unreadable(): never {
  const failure = { kind: 'app_fault', status: null, code: 'certificate_unreadable' } as const;
  throw new ProviderError('microsoft', 'oauth.client', failure);
}

/** Ours are made anew for each request, so that a certificate that was replaced counts at once. */
export async function clientAuth(
  proof: ClientProof,
  { token_endpoint }: AuthorizationServer,
): Promise<ClientAuth> {
  if (proof.kind === 'secret') return ClientSecretPost(proof.secret);
  const { key, thumbprint } = await readCertificate(proof.read).catch(unreadable);
  return PrivateKeyJwt(key, {
    // https://learn.microsoft.com/entra/identity-platform/certificate-credentials
    [modifyAssertion]: (header, payload) => {
      header.typ = 'JWT';
      header['x5t#S256'] = thumbprint;
      if (token_endpoint) payload.aud = token_endpoint;
    },
  });
}

/**
 * The private key and the certificate of a PEM text, whatever their order.
 * @returns the key for PS256, and the certificate's SHA-256 thumbprint, base64url
 */
async function readCertificate(read: () => string) {
  const pem = read();
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(der), algorithm, false, [
    'sign',
  ]);
  const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem)?.[0];
  if (!certificate) throw new Error('there is no certificate in it');
  const hex = new X509Certificate(certificate).fingerprint256.replaceAll(':', '');
  return { key, thumbprint: Buffer.from(hex, 'hex').toString('base64url') };
}
