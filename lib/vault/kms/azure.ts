import { randomBytes } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import type { CryptographyClient, CryptographyClientOptions } from '@azure/keyvault-keys';
import { z } from 'zod';
import { VaultError } from '../errors';
import type { KeyEncryptionKey } from '../key-encryption-key';
import { keyBytes, openMessage, sealMessage } from '../message';
import { byStatus, type KeyService, remoteKey, type ServiceAnswer } from './remote';

/**
 * RSA-OAEP-256 binds no context, so a key of its own is wrapped for each text, and seals it together
 * with what it is for. The version is kept: each version of a key opens only what it wrapped.
 */
const envelope = z.object({ version: z.string(), key: z.base64(), sealed: z.base64() });
const algorithm = 'RSA-OAEP-256';

interface AzureFailure {
  readonly statusCode?: number;
  readonly code?: string;
  readonly name?: string;
}

/** https://learn.microsoft.com/azure/key-vault/general/rest-error-codes */
function explain(error: unknown): ServiceAnswer {
  const { statusCode, code, name } = error as AzureFailure;
  const told = code ?? name ?? 'no answer';
  if (statusCode === 400) return { fault: 'key_wrong', code: told };
  if (name === 'CredentialUnavailableError' || name === 'AggregateAuthenticationError') {
    return { fault: 'key_refused', code: 'no credentials' };
  }
  return byStatus(statusCode, told);
}

/** What a test puts in place of the installation's identity and of TLS. */
export interface AzureAccess {
  readonly credential: TokenCredential;
  readonly pipeline: CryptographyClientOptions & { readonly allowInsecureConnection?: boolean };
}

async function installationAccess(): Promise<AzureAccess> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return { credential: new DefaultAzureCredential(), pipeline: {} };
}

interface Connection {
  /** The version that wraps now. */
  current(signal: AbortSignal): Promise<string>;
  /** A client of one version. */
  of(version: string): CryptographyClient;
}

async function connect(url: URL, access: AzureAccess): Promise<Connection> {
  const { CryptographyClient, KeyClient } = await import('@azure/keyvault-keys');
  const [, , name = '', fixed] = url.pathname.split('/');
  // The vault tries again itself, and only so often.
  const pipeline = { ...access.pipeline, retryOptions: { maxRetries: 0 } };
  const keys = new KeyClient(url.origin, access.credential, pipeline);
  const clients = new Map<string, CryptographyClient>();
  return {
    async current(abortSignal) {
      if (fixed) return fixed;
      const { properties } = await keys.getKey(name, { abortSignal });
      return properties.version ?? '';
    },
    of(version) {
      const id = `${url.origin}/keys/${name}/${version}`;
      const client =
        clients.get(version) ?? new CryptographyClient(id, access.credential, pipeline);
      clients.set(version, client);
      return client;
    },
  };
}

/**
 * An RSA key in Azure Key Vault or a Managed HSM, by its address; without a version, the latest
 * wraps. Access by the default credential: environment, workload or managed identity.
 * @param address https://<vault>/keys/<name>[/<version>]
 */
export function azureKey(
  address: string,
  access: () => Promise<AzureAccess> = installationAccess,
): KeyEncryptionKey {
  const url = new URL(address);
  let connection: Promise<Connection> | undefined;
  const connected = () => {
    connection ??= access().then((given) => connect(url, given));
    return connection;
  };
  const service: KeyService = {
    name: 'Azure Key Vault',
    remedy:
      'See that the key is enabled, and that this identity has the role Key Vault Crypto Service Encryption User on it.',
    async wrap(plaintext, context, abortSignal) {
      const azure = await connected();
      const version = await azure.current(abortSignal);
      const bytes = randomBytes(keyBytes);
      const { result } = await azure.of(version).wrapKey(algorithm, bytes, { abortSignal });
      const sealed = await sealMessage({ name: version, bytes }, context, plaintext);
      const text = { version, key: Buffer.from(result).toString('base64'), sealed };
      return Buffer.from(JSON.stringify(text)).toString('base64');
    },
    async unwrap(wrapped, context, abortSignal) {
      const { version, key, sealed } = readEnvelope(wrapped);
      const azure = await connected();
      const bytes = Buffer.from(key, 'base64');
      const { result } = await azure.of(version).unwrapKey(algorithm, bytes, { abortSignal });
      return openMessage([{ name: version, bytes: result }], context, sealed);
    },
    explain,
  };
  return remoteKey(`azure-keyvault:${address}`, service);
}

function readEnvelope(wrapped: string): z.output<typeof envelope> {
  try {
    return envelope.parse(JSON.parse(Buffer.from(wrapped, 'base64').toString('utf8')));
  } catch {
    throw new VaultError('unreadable', 'A wrapped key does not have the shape of Azure’s.');
  }
}
