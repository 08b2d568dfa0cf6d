import { createHash } from 'node:crypto';
import type { Pool } from 'pg';

/** Recovery codes enough for every question of a walk: each is taken once. */
const planted = 2_000;
const codeAt = (index: number) => `planted-recovery-code-${index}`;
const digestOf = (code: string) =>
  createHash('sha256').update(code.replaceAll('-', '')).digest('base64url');

let used = 0;

/** A code that a planted person proves their second factor with; a new one each time. */
export function plantedCode(): string {
  used += 1;
  return codeAt(used % planted);
}

/** Give a planted person a second factor, of which nothing but recovery codes is known. */
export async function plantFactor(pool: Pool, userId: string): Promise<void> {
  await pool.query(
    `insert into second_factors (user_id, sealed_secret, key_encryption_key_id, confirmed_at)
     select $1, 'nothing opens this', wrapped.id, now()
       from (select key_encryption_key_id as id from vault_state) wrapped`,
    [userId],
  );
  const digests = Array.from({ length: planted }, (_one, index) => digestOf(codeAt(index)));
  await pool.query('insert into recovery_codes (user_id, digest) select $1, unnest($2::text[])', [
    userId,
    digests,
  ]);
}
