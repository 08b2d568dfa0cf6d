import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { newId, withIdentity } from '@/db';
import { userIdentities } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { isUniqueViolation, QueryError } from './errors';

const database = testDatabase();

describe('an error of PostgreSQL', () => {
  // Where row security is on, PostgreSQL leaves values out by itself; elsewhere it quotes them.
  it('carries no value of the row that was refused, in anything that a log would print', async () => {
    const { userId } = await database.createMember(await database.createTenant());
    const subject = `subject-${newId()}`;
    const link = () =>
      withIdentity((tx) =>
        tx.insert(userIdentities).values({ issuer: 'https://id.example', subject, userId }),
      );
    await link();
    const error: unknown = await link().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(QueryError);
    expect(isUniqueViolation(error)).toBe(true);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(subject);
  });
});
