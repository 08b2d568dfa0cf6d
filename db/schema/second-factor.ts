import { bigint, index, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { UserId } from '../ids';
import { controlTable, instant } from './table';
import { users } from './tenancy';

/** What a person proves beside their password: a secret in an app of theirs (RFC 6238). */
export const secondFactors = controlTable(
  'second_factors',
  {
    userId: uuid('user_id')
      .$type<UserId>()
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Sealed for this person with the key encryption key named beside it. */
    sealedSecret: text('sealed_secret').notNull(),
    keyEncryptionKeyId: text('key_encryption_key_id').notNull(),
    /** When the first code was given; until then nobody is asked for one. */
    confirmedAt: instant('confirmed_at'),
    /** Number of the 30-second step of the newest code taken: it and those before are refused. */
    lastStep: bigint('last_step', { mode: 'number' }).notNull().default(0),
    lastUsedAt: instant('last_used_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  {
    identity: ['select', 'insert', 'update', 'delete'],
    platform: [
      { privilege: 'select', columns: ['user_id', 'confirmed_at', 'last_used_at', 'created_at'] },
    ],
  },
  (table) => [index('second_factors_key').on(table.keyEncryptionKeyId)],
);

/** Codes for the day the app is lost: each opens once. */
export const recoveryCodes = controlTable(
  'recovery_codes',
  {
    userId: uuid('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the code, base64url; the code itself has 118 random bits and is kept nowhere. */
    digest: text('digest').notNull(),
    usedAt: instant('used_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  {
    identity: ['select', 'insert', { privilege: 'update', columns: ['used_at'] }, 'delete'],
    platform: [{ privilege: 'select', columns: ['user_id', 'used_at'] }],
  },
  (table) => [unique('recovery_codes_key').on(table.userId, table.digest)],
);
