import type { AuthClient } from 'google-auth-library';
import { z } from 'zod';
import type { KeyEncryptionKey } from '../key-encryption-key';
import {
  attemptLimit,
  byStatus,
  canonical,
  type KeyService,
  remoteKey,
  type ServiceAnswer,
} from './remote';

const scopes = ['https://www.googleapis.com/auth/cloudkms'];
const encrypted = z.object({ ciphertext: z.base64() });
const decrypted = z.object({ plaintext: z.base64() });

/** https://cloud.google.com/apis/design/errors; the codes of google.rpc. */
const failure = z.object({ error: z.object({ status: z.string() }) });

interface GoogleFailure {
  readonly status?: number;
  readonly code?: string | number;
  readonly message?: string;
  readonly response?: { readonly status?: number; readonly data?: unknown };
}

function explain(thrown: unknown): ServiceAnswer {
  const { response, code, status, message } = thrown as GoogleFailure;
  const told = failure.safeParse(response?.data);
  // A failure to get a token for ourselves has no answer in the service's shape.
  if (!told.success) {
    const noAccess = message?.includes('Could not load the default credentials');
    if (noAccess) return { fault: 'key_refused', code: 'no credentials' };
    return byStatus(response?.status ?? status, String(code ?? response?.status ?? 'no answer'));
  }
  const named = told.data.error.status;
  if (named === 'INVALID_ARGUMENT') return { fault: 'key_wrong', code: named };
  return byStatus(response?.status, named);
}

/**
 * A symmetric key in Google Cloud KMS, by its resource name. Access by application default
 * credentials. Through the REST interface: the gRPC client brings 41 MB and 119 packages for these
 * two calls. What the key is for is its additional authenticated data.
 * @param name projects/…/locations/…/keyRings/…/cryptoKeys/…
 * @param endpoint a private one, or a stand-in
 */
export function googleKey(
  name: string,
  endpoint = 'https://cloudkms.googleapis.com',
): KeyEncryptionKey {
  let client: Promise<AuthClient> | undefined;
  const connected = () => {
    client ??= import('google-auth-library').then(({ GoogleAuth }) =>
      // With a project named, none is looked up.
      new GoogleAuth({ scopes, projectId: name.split('/')[1] ?? '' }).getClient(),
    );
    // No credentials now may be some later.
    client.catch(() => {
      client = undefined;
    });
    return client;
  };
  async function call(verb: string, data: object, signal: AbortSignal): Promise<unknown> {
    const auth = await connected();
    const answer = await auth.request({
      url: `${endpoint}/v1/${name}:${verb}`,
      method: 'POST',
      data,
      signal,
      timeout: attemptLimit,
      // The vault tries again itself, and only so often.
      retry: false,
      retryConfig: { retry: 0 },
    });
    return answer.data;
  }
  const bound = (context: Parameters<typeof canonical>[0]) =>
    Buffer.from(canonical(context)).toString('base64');
  const service: KeyService = {
    name: 'Google Cloud KMS',
    remedy:
      'See that its primary version is enabled, and that this account has the role Cloud KMS CryptoKey Encrypter/Decrypter on it.',
    async wrap(plaintext, context, signal) {
      const body = {
        plaintext: Buffer.from(plaintext).toString('base64'),
        additionalAuthenticatedData: bound(context),
      };
      return encrypted.parse(await call('encrypt', body, signal)).ciphertext;
    },
    async unwrap(ciphertext, context, signal) {
      const body = { ciphertext, additionalAuthenticatedData: bound(context) };
      const { plaintext } = decrypted.parse(await call('decrypt', body, signal));
      return Buffer.from(plaintext, 'base64');
    },
    explain,
  };
  return remoteKey(`gcp-kms:${name}`, service);
}
