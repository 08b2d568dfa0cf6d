import { and, count, eq, ne, withIdentity } from '@/db';
import { secondFactors } from '@/db/schema';
import { resealForPerson } from '@/lib/vault';

/** Secrets wrapped anew at one go. */
const batch = 100;

/** How many secrets of people one key encryption key wraps. */
export interface PersonWrapping {
  readonly keyEncryptionKeyId: string;
  readonly people: number;
}

/** What wraps the secrets of people, which are under no tenant's key. */
export function personWrappings(): Promise<PersonWrapping[]> {
  return withIdentity((tx) =>
    tx
      .select({ keyEncryptionKeyId: secondFactors.keyEncryptionKeyId, people: count() })
      .from(secondFactors)
      .groupBy(secondFactors.keyEncryptionKeyId),
  );
}

/**
 * Wrap every secret of a person's with this key. One that its person replaced meanwhile is left.
 * @param to the id of the key that wraps now
 * @returns how many were wrapped anew
 * @throws VaultError
 */
export async function rewrapPersonSecrets(to: string): Promise<number> {
  let done = 0;
  for (;;) {
    const rows = await withIdentity((tx) =>
      tx.select().from(secondFactors).where(ne(secondFactors.keyEncryptionKeyId, to)).limit(batch),
    );
    for (const { userId, sealedSecret, keyEncryptionKeyId } of rows) {
      done += await withIdentity(async (tx) => {
        const old = { sealed: sealedSecret, keyEncryptionKeyId };
        const fresh = await resealForPerson(tx, userId, 'second-factor', old);
        if (!fresh) return 0;
        const changed = await tx
          .update(secondFactors)
          .set({ sealedSecret: fresh.sealed, keyEncryptionKeyId: fresh.keyEncryptionKeyId })
          .where(
            and(eq(secondFactors.userId, userId), eq(secondFactors.sealedSecret, sealedSecret)),
          )
          .returning({ userId: secondFactors.userId });
        return changed.length;
      });
    }
    if (rows.length < batch) return done;
  }
}
