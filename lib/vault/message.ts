import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  MultiKeyringNode,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import { VaultError } from './errors';

/** What a sealed text belongs to. Authenticated, not secret: ids and words only. */
export type SealContext = Readonly<Record<string, string>>;

/** A 256-bit key and the name it is known by in a message's header. */
export interface NamedKey {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export const keyBytes = 32;
const namespace = 'tenantry';

/** One data key per message, and none but key-committing suites, written or read. */
const client = buildClient({
  commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  maxEncryptedDataKeys: 1,
});

const keyring = ({ name, bytes }: NamedKey) =>
  new RawAesKeyringNode({
    keyNamespace: namespace,
    keyName: name,
    // The library insists on a key that shares its buffer with nothing.
    unencryptedMasterKey: Uint8Array.from(bytes),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });

/**
 * Seal bytes in the AWS Encryption SDK's message format, suite 0x0478 (AES-256-GCM with HKDF and
 * key commitment; https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/algorithms-reference.html).
 * @returns the message in base64
 */
export async function sealMessage(
  key: NamedKey,
  context: SealContext,
  plaintext: Uint8Array,
): Promise<string> {
  const { result } = await client.encrypt(keyring(key), plaintext, {
    suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
    encryptionContext: { ...context },
    plaintextLength: plaintext.byteLength,
  });
  return result.toString('base64');
}

function sameContext(header: SealContext, expected: SealContext): boolean {
  const names = Object.keys(expected);
  return (
    names.length === Object.keys(header).length &&
    names.every((name) => Object.hasOwn(header, name) && header[name] === expected[name])
  );
}

/** What was sealed, and what it says it belongs to. */
export interface OpenedMessage {
  readonly plaintext: Buffer;
  readonly context: SealContext;
}

/**
 * Open a sealed message with whichever of the keys it names, whatever it belongs to.
 * @throws VaultError `unreadable` when no key opens it or it was altered
 */
export async function reopenMessage(
  keys: readonly NamedKey[],
  message: string,
): Promise<OpenedMessage> {
  try {
    const children = keys.map(keyring);
    const { plaintext, messageHeader } = await client.decrypt(
      new MultiKeyringNode({ children }),
      message,
      { encoding: 'base64' },
    );
    return { plaintext, context: { ...messageHeader.encryptionContext } };
  } catch {
    // The library's own error is left out: it may quote the message.
    throw new VaultError('unreadable', 'A sealed text does not open with the keys at hand.');
  }
}

/**
 * Open a sealed message with whichever of the keys it names.
 * @throws VaultError `unreadable` when no key opens it or it was altered, `context_mismatch` when it
 *   opens but belongs to something else
 */
export async function openMessage(
  keys: readonly NamedKey[],
  expected: SealContext,
  message: string,
): Promise<Buffer> {
  const { plaintext, context } = await reopenMessage(keys, message);
  if (!sameContext(context, expected)) {
    throw new VaultError('context_mismatch', 'A sealed text belongs to something else.');
  }
  return plaintext;
}
