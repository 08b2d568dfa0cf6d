import { resolve } from 'node:path';
import { env } from '@/lib/env';
import { VaultError } from './errors';
import type { KeyEncryptionKey } from './key-encryption-key';
import { keyFilePath, readKeyFile } from './key-file';
import { awsKey, azureKey, googleKey, transitKey } from './kms';

/** A key encryption key that the configuration names; loaded when it is needed. */
export interface KeyAddress {
  /** As people read it: says where the key is, and nothing of it. */
  readonly text: string;
  /** The file it lies in, when it lies in one. */
  readonly file?: string;
  /** @returns null when it is a file that is not there. @throws VaultError */
  load(): KeyEncryptionKey | null;
}

const segment = '[A-Za-z0-9_.~%:-]+';
const forms = {
  'aws-kms': {
    shape: /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
    example: 'aws-kms:arn:aws:kms:eu-central-1:111122223333:key/… (the key itself, no alias)',
  },
  'gcp-kms': {
    shape: new RegExp(
      `^projects/${segment}/locations/${segment}/keyRings/${segment}/cryptoKeys/${segment}$`,
    ),
    example: 'gcp-kms:projects/…/locations/…/keyRings/…/cryptoKeys/…',
  },
  'azure-keyvault': {
    shape: new RegExp(`^https?://[^/?#@]+/keys/${segment}(?:/${segment})?$`),
    example: 'azure-keyvault:https://….vault.azure.net/keys/…',
  },
  'vault-transit': {
    shape: new RegExp(`^https?://[^/?#@]+/(?:${segment}/)+keys/${segment}$`),
    example: 'vault-transit:https://…:8200/transit/keys/…',
  },
} as const;

type ServiceScheme = keyof typeof forms;

const isService = (scheme: string): scheme is ServiceScheme => Object.hasOwn(forms, scheme);

function malformed(text: string): VaultError {
  const known = ['file:/…', ...Object.values(forms).map(({ example }) => example)].join('; ');
  return new VaultError(
    'key_malformed',
    `KEY_ENCRYPTION_KEY does not name a key: ${text}. It has one of these forms: ${known}.`,
  );
}

function serviceKey(scheme: ServiceScheme, name: string, endpoint?: string): KeyEncryptionKey {
  switch (scheme) {
    case 'aws-kms':
      return awsKey(name, endpoint);
    case 'gcp-kms':
      return googleKey(name, endpoint);
    case 'azure-keyvault':
      return azureKey(name);
    case 'vault-transit':
      return transitKey(name, {
        token: env.VAULT_TOKEN,
        tokenFile: env.VAULT_TOKEN_FILE,
        namespace: env.VAULT_NAMESPACE,
      });
  }
}

/**
 * Read the name of a key.
 * @param text `file:<path>`, or a service's scheme and the key's name there; for AWS and Google with
 *   `?endpoint=https://…` for a private way to the service
 * @throws VaultError `key_malformed`, with the forms there are
 */
export function parseKeyAddress(text: string): KeyAddress {
  const [, scheme = '', rest = ''] = /^([a-z-]+):(.+)$/.exec(text.trim()) ?? [];
  if (scheme === 'file') {
    const file = resolve(rest.replace(/^\/\/(?=\/)/, ''));
    return { text: `file:${file}`, file, load: () => readKeyFile(file) };
  }
  const [name = '', query] = rest.split('?', 2);
  const endpoint = new URLSearchParams(query).get('endpoint') ?? undefined;
  if (!isService(scheme) || !forms[scheme].shape.test(name)) throw malformed(text);
  if (endpoint !== undefined && !URL.canParse(endpoint)) throw malformed(text);
  let key: KeyEncryptionKey | undefined;
  return {
    text: `${scheme}:${name}`,
    load() {
      key ??= serviceKey(scheme, name, endpoint?.replace(/\/+$/, ''));
      return key;
    },
  };
}

/**
 * The keys that the configuration names: the one that is to wrap, then those that still unwrap.
 * @throws VaultError `key_malformed`
 */
export function configuredAddresses(): readonly [KeyAddress, ...KeyAddress[]] {
  const previous = (env.KEY_ENCRYPTION_KEY_PREVIOUS ?? '').split(',').filter((text) => text.trim());
  if (env.KEY_ENCRYPTION_KEY && env.KEY_FILE) {
    throw new VaultError(
      'key_malformed',
      'Both KEY_ENCRYPTION_KEY and KEY_FILE are set. Keep KEY_ENCRYPTION_KEY, and name the file in KEY_ENCRYPTION_KEY_PREVIOUS if tenants’ keys are still wrapped with it.',
    );
  }
  const wanted = env.KEY_ENCRYPTION_KEY ?? `file:${keyFilePath()}`;
  return [parseKeyAddress(wanted), ...previous.map(parseKeyAddress)];
}
