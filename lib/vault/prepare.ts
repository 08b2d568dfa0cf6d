import { acrossTenants, type IdentityTransaction, withIdentity } from '@/db';
import { tenantKeys } from '@/db/schema';
import { env } from '@/lib/env';
import { holdKeys, keyById, keyRing, missingKey } from './current-key';
import { VaultError } from './errors';
import { configuredAddresses, type KeyAddress } from './key-address';
import type { KeyEncryptionKey } from './key-encryption-key';
import { createKeyFile } from './key-file';
import { keyStore, type StoreState } from './store';

const canaryText = 'tenantry canary';
const canaryContext = { purpose: 'canary' } as const;

/** Milliseconds that a key once proven is taken to be the right one. */
const provenFor = 300_000;
let proven: { readonly id: string; readonly at: number } | undefined;

/**
 * Make sure at start that this process can open what this database holds.
 *
 * A key file is made only over a database that holds nothing sealed; otherwise the key must be at
 * hand, and open the canary of the store.
 * @returns `unproven` while the key service does not answer: it may serve, and asks again later
 * @throws VaultError `key_missing`, `key_wrong`, `key_exposed`, `key_malformed`, `key_not_allowed`,
 *   `key_refused`, `key_state_missing`, `key_store_wrong`, `key_store_unavailable`
 */
export async function prepareVault(): Promise<'proven' | 'unproven'> {
  const addresses = configuredAddresses();
  refuseLocalKeyInProduction(addresses);
  return withIdentity(async (tx) => {
    const state = await keyStore().state(tx);
    if (!state) {
      await beginVault(tx, addresses);
      return 'proven';
    }
    holdConfigured(addresses);
    return proveKey(keyById(state.keyEncryptionKeyId), state);
  });
}

/**
 * Whether what is sealed can be opened, for a probe that asks often: the key service is asked every
 * few minutes at most, and its outage is none of ours while keys are in memory.
 * @throws VaultError
 */
export async function vaultAnswers(): Promise<void> {
  const state = await withIdentity((tx) => keyStore().state(tx));
  if (!state) throw new VaultError('key_state_missing', 'The vault was not prepared.');
  if (proven?.id === state.keyEncryptionKeyId && Date.now() - proven.at < provenFor) return;
  const before = proven;
  if ((await proveKey(keyById(state.keyEncryptionKeyId), state)) === 'proven') return;
  if (before?.id === state.keyEncryptionKeyId) return;
  throw new VaultError(
    'key_service_unavailable',
    `The key service does not answer for ${state.keyEncryptionKeyId}, and has not since this process started.`,
  );
}

function refuseLocalKeyInProduction(addresses: readonly KeyAddress[]): void {
  if (env.TENANTRY_MODE !== 'production' || env.ALLOW_LOCAL_KEY_FILE) return;
  if (!addresses[0]?.file) return;
  throw new VaultError(
    'key_not_allowed',
    'In production the key encryption key should not lie in a file beside the data. Set KEY_ENCRYPTION_KEY to a key in a key service, or ALLOW_LOCAL_KEY_FILE=1 to accept the file.',
  );
}

function load(address: KeyAddress): KeyEncryptionKey {
  const key = address.load();
  if (!key) throw missingKey(address);
  return key;
}

function holdConfigured([wanted, ...previous]: readonly [KeyAddress, ...KeyAddress[]]): void {
  holdKeys(load(wanted), ...previous.map(load));
}

async function proveKey(
  key: KeyEncryptionKey,
  { canary }: StoreState,
): Promise<'proven' | 'unproven'> {
  try {
    const text = await key.unwrap(canary, canaryContext);
    if (text.toString('utf8') === canaryText) {
      proven = { id: key.id, at: Date.now() };
      return 'proven';
    }
  } catch (error) {
    const fault = error instanceof VaultError ? error.fault : null;
    if (fault === 'key_service_unavailable') return 'unproven';
    if (fault === 'key_refused') throw error;
  }
  throw new VaultError(
    'key_wrong',
    `${key.id} does not open what this database was sealed with. Put the right key back; nothing was changed.`,
  );
}

/** A known text under a key, by which the key is known again. */
export async function canaryOf(key: KeyEncryptionKey): Promise<string> {
  return key.wrap(Buffer.from(canaryText), canaryContext);
}

/** The first start over this database. A file left by a start that did not finish is taken over. */
async function beginVault(
  tx: IdentityTransaction,
  addresses: readonly [KeyAddress, ...KeyAddress[]],
): Promise<void> {
  const [sealed] = await tx
    .select({ id: tenantKeys.id })
    .from(tenantKeys)
    .where(acrossTenants('the first start looks whether anything at all is sealed'))
    .limit(1);
  if (sealed) {
    throw new VaultError(
      'key_state_missing',
      'This database holds sealed data but not the mark that says with which key (vault_state). Restore it from a backup; no new key is made over sealed data.',
    );
  }
  const [{ file }] = addresses;
  if (file && !addresses[0].load()) createKeyFile(file);
  holdConfigured(addresses);
  const { wanted } = keyRing();
  const canary = await canaryOf(wanted);
  await keyStore().setState(tx, { keyEncryptionKeyId: wanted.id, canary, rotationSince: null });
}
