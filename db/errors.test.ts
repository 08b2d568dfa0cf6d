import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { newId, withIdentity } from '@/db';
import { users } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { isUniqueViolation, QueryError } from './errors';
import type { UserId } from './ids';

const database = testDatabase();

/** Where row security is on, PostgreSQL leaves values out by itself; elsewhere it quotes them. */
const insert = (email: string) =>
  withIdentity((tx) => tx.insert(users).values({ id: newId<UserId>(), email, name: 'Ada' })).catch(
    (error: unknown) => error,
  );

describe('an error of PostgreSQL', () => {
  it('carries no value of the row that was refused, in anything that a log would print', async () => {
    const email = `${newId()}@example.com`;
    await insert(email);
    const { rows } = await database.owner.query<{ n: number }>(
      'select count(*)::int as n from users where email = $1',
      [email],
    );
    expect(rows).toEqual([{ n: 1 }]);
    const error = await insert(email);
    expect(error).toBeInstanceOf(QueryError);
    expect(isUniqueViolation(error, 'users_email_unique')).toBe(true);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(email);
  });
});
