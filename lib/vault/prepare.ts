import { acrossTenants, type IdentityTransaction, withIdentity } from '@/db';
import { tenantKeys, vaultState } from '@/db/schema';
import { env } from '@/lib/env';
import { holdKey, missingKey } from './current-key';
import { VaultError } from './errors';
import type { KeyEncryptionKey } from './key-encryption-key';
import { createKeyFile, keyFilePath, readKeyFile } from './key-file';

const canaryText = 'tenantry canary';
const canaryContext = { purpose: 'canary' } as const;

/**
 * Make sure at start that this process can open what this database holds.
 *
 * A key file is made only over a database that holds nothing sealed; otherwise the file must be
 * there, be ours alone to read, and open the database's canary.
 * @throws VaultError `key_missing`, `key_wrong`, `key_exposed`, `key_malformed`, `key_not_allowed`,
 *   `key_state_missing`
 */
export async function prepareVault(): Promise<void> {
  refuseLocalKeyInProduction();
  await withIdentity(async (tx) => {
    const [state] = await tx.select().from(vaultState);
    const file = readKeyFile();
    const key = state ? await provenKey(file, state) : await firstKey(tx, file);
    holdKey(key);
  });
}

function refuseLocalKeyInProduction(): void {
  if (env.TENANTRY_MODE !== 'production' || env.ALLOW_LOCAL_KEY_FILE) return;
  throw new VaultError(
    'key_not_allowed',
    'In production the key encryption key should not lie in a file beside the data. Set ALLOW_LOCAL_KEY_FILE=1 to accept it.',
  );
}

async function provenKey(
  key: KeyEncryptionKey | null,
  state: typeof vaultState.$inferSelect,
): Promise<KeyEncryptionKey> {
  if (!key) throw missingKey();
  if (key.id !== state.keyEncryptionKeyId || !(await opensCanary(key, state.canary))) {
    throw new VaultError(
      'key_wrong',
      `The key file ${keyFilePath()} holds ${key.id}, but this database was sealed with ${state.keyEncryptionKeyId}. Put the right file back; nothing was changed.`,
    );
  }
  return key;
}

async function opensCanary(key: KeyEncryptionKey, canary: string): Promise<boolean> {
  try {
    return (await key.unwrap(canary, canaryContext)).toString('utf8') === canaryText;
  } catch {
    return false;
  }
}

/** The first start over this database. A file left by a start that did not finish is taken over. */
async function firstKey(
  tx: IdentityTransaction,
  file: KeyEncryptionKey | null,
): Promise<KeyEncryptionKey> {
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
  const key = file ?? createKeyFile();
  const canary = await key.wrap(Buffer.from(canaryText), canaryContext);
  await tx.insert(vaultState).values({ keyEncryptionKeyId: key.id, canary });
  return key;
}
