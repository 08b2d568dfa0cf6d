import type { KMSClient } from '@aws-sdk/client-kms';
import type { KeyEncryptionKey } from '../key-encryption-key';
import { attemptLimit, byStatus, type KeyService, remoteKey, type ServiceAnswer } from './remote';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors */
const answers: Readonly<Record<string, ServiceAnswer['fault']>> = {
  IncorrectKeyException: 'key_wrong',
  InvalidCiphertextException: 'key_wrong',
  AccessDeniedException: 'key_refused',
  DisabledException: 'key_refused',
  KMSInvalidStateException: 'key_refused',
  NotFoundException: 'key_refused',
  CredentialsProviderError: 'key_refused',
  ThrottlingException: 'key_service_unavailable',
  DependencyTimeoutException: 'key_service_unavailable',
  KeyUnavailableException: 'key_service_unavailable',
  KMSInternalException: 'key_service_unavailable',
};

interface AwsFailure {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function explain(error: unknown): ServiceAnswer {
  const { name = 'unknown', $metadata } = error as AwsFailure;
  const fault = answers[name];
  return fault ? { fault, code: name } : byStatus($metadata?.httpStatusCode, name);
}

async function connect(arn: string, endpoint: string | undefined): Promise<KMSClient> {
  const { KMSClient } = await import('@aws-sdk/client-kms');
  return new KMSClient({
    region: arn.split(':')[3] ?? '',
    // The vault tries again itself, and only so often.
    maxAttempts: 1,
    requestHandler: { requestTimeout: attemptLimit, connectionTimeout: 1_000 },
    ...(endpoint ? { endpoint } : {}),
  });
}

const bytesOf = (bytes: Uint8Array | undefined): Buffer => {
  if (!bytes) throw Object.assign(new Error('empty'), { name: 'EmptyAnswer' });
  return Buffer.from(bytes);
};

/**
 * A symmetric key in AWS KMS, by its key ARN. Access is found as the SDK finds it: environment, web
 * identity, container or instance role. What the key is for is its encryption context.
 * @param endpoint of a VPC, or a stand-in
 */
export function awsKey(arn: string, endpoint?: string): KeyEncryptionKey {
  let client: Promise<KMSClient> | undefined;
  const connected = () => {
    client ??= connect(arn, endpoint);
    return client;
  };
  const service: KeyService = {
    name: 'AWS KMS',
    remedy:
      'See that the key is enabled, and that its policy gives this role kms:Encrypt and kms:Decrypt.',
    async wrap(plaintext, context, abortSignal) {
      const kms = await connected();
      const { EncryptCommand } = await import('@aws-sdk/client-kms');
      const command = new EncryptCommand({
        KeyId: arn,
        Plaintext: plaintext,
        EncryptionContext: { ...context },
      });
      const { CiphertextBlob } = await kms.send(command, { abortSignal });
      return bytesOf(CiphertextBlob).toString('base64');
    },
    async unwrap(wrapped, context, abortSignal) {
      const kms = await connected();
      const { DecryptCommand } = await import('@aws-sdk/client-kms');
      const command = new DecryptCommand({
        KeyId: arn,
        CiphertextBlob: Buffer.from(wrapped, 'base64'),
        EncryptionContext: { ...context },
      });
      const { Plaintext } = await kms.send(command, { abortSignal });
      return bytesOf(Plaintext);
    },
    explain,
  };
  return remoteKey(`aws-kms:${arn}`, service);
}
