import { eq, type IdentityTransaction, type UserId } from '@/db';
import { secondFactors } from '@/db/schema';
import { openForPerson } from '@/lib/vault';

export type StoredFactor = typeof secondFactors.$inferSelect;

/** A person's factor, confirmed or not. */
export async function storedFactor(
  tx: IdentityTransaction,
  userId: UserId,
): Promise<StoredFactor | undefined> {
  const [row] = await tx.select().from(secondFactors).where(eq(secondFactors.userId, userId));
  return row;
}

/** The secret in it, base32. @throws VaultError */
export function secretOf({ userId, sealedSecret, keyEncryptionKeyId }: StoredFactor) {
  return openForPerson(userId, 'second-factor', { sealed: sealedSecret, keyEncryptionKeyId });
}
