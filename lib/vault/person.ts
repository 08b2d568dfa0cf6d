import type { UserId } from '@/db';
import { keyById } from './current-key';
import type { SealContext } from './message';
import type { VaultTransaction } from './store';
import { wrappingKey } from './tenant-keys';

/**
 * A secret of a person's, who belongs to no tenant or to several: it is wrapped with the key
 * encryption key itself, as a tenant's key is. For texts of a few hundred bytes, which is what key
 * services take.
 */
export interface PersonSecret {
  /** Base64, for a text column. */
  readonly sealed: string;
  /** What it is wrapped with; kept beside it, so that it is found when keys are exchanged. */
  readonly keyEncryptionKeyId: string;
}

type Purpose = 'second-factor';

const contextOf = (purpose: Purpose, userId: UserId): SealContext => ({ purpose, person: userId });

/**
 * Seal a short text for one person and one purpose.
 * @throws VaultError
 */
export async function sealForPerson(
  tx: VaultTransaction,
  userId: UserId,
  purpose: Purpose,
  plaintext: string,
): Promise<PersonSecret> {
  const kek = await wrappingKey(tx);
  const sealed = await kek.wrap(Buffer.from(plaintext, 'utf8'), contextOf(purpose, userId));
  return { sealed, keyEncryptionKeyId: kek.id };
}

/**
 * Open what `sealForPerson` made.
 * @throws VaultError `context_mismatch` when it is another person's, `key_wrong` without its key
 */
export async function openForPerson(
  userId: UserId,
  purpose: Purpose,
  { sealed, keyEncryptionKeyId }: PersonSecret,
): Promise<string> {
  const kek = keyById(keyEncryptionKeyId);
  return (await kek.unwrap(sealed, contextOf(purpose, userId))).toString('utf8');
}

/**
 * The same secret under the key that wraps now.
 * @returns null when it is already
 * @throws VaultError
 */
export async function resealForPerson(
  tx: VaultTransaction,
  userId: UserId,
  purpose: Purpose,
  secret: PersonSecret,
): Promise<PersonSecret | null> {
  const kek = await wrappingKey(tx);
  if (kek.id === secret.keyEncryptionKeyId) return null;
  return sealForPerson(tx, userId, purpose, await openForPerson(userId, purpose, secret));
}
