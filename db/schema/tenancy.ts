import { type SQL, sql } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { type InvitationId, type MembershipId, newId, type TenantId, type UserId } from '../ids';
import { appRole, engineRole, eraserRole, identityRole, platformRole } from './roles';
import {
  controlTable,
  currentTenant,
  currentTenantOnce,
  declareGrants,
  eraserPolicy,
  instant,
  tenantTable,
} from './table';

export const memberRoles = ['owner', 'admin', 'member', 'viewer'] as const;
export type MemberRole = (typeof memberRoles)[number];
export const tenantStates = ['active', 'suspended', 'deleting'] as const;
export type TenantState = (typeof tenantStates)[number];
export const staffRoles = ['support', 'platform_admin'] as const;
export type StaffRole = (typeof staffRoles)[number];

/**
 * Organisations. Not a `tenantTable`, since its own id is the tenant; the policy says so.
 */
export const tenants = pgTable(
  'tenants',
  {
    id: uuid('id')
      .$type<TenantId>()
      .primaryKey()
      .$defaultFn(() => newId<TenantId>()),
    name: text('name').notNull(),
    state: text('state', { enum: tenantStates }).notNull().default('active'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    pgPolicy('tenant_isolation', {
      for: 'all',
      to: appRole,
      using: sql`${table.id} = ${currentTenant}`,
      withCheck: sql`${table.id} = ${currentTenantOnce}`,
    }),
    ...[identityRole, platformRole, engineRole].map((role) =>
      pgPolicy(`${role.name}_access`, {
        for: 'all',
        to: role,
        using: sql`true`,
        withCheck: sql`true`,
      }),
    ),
    eraserPolicy(table.id),
  ],
);
declareGrants('tenants', {
  force: true,
  grants: {
    app: ['select', { privilege: 'update', columns: ['name'] }],
    identity: ['select', 'insert'],
    platform: ['select', { privilege: 'update', columns: ['state'] }],
    // What is asked for by a tenant that is held waits.
    engine: [{ privilege: 'select', columns: ['id', 'state'] }],
    eraser: ['select', { privilege: 'update', columns: ['state'] }, 'delete'],
  },
});

/** The words of a person's name and address, each findable by how it begins. */
export const personWords = (name: unknown, email: unknown): SQL =>
  sql`to_tsvector('simple'::regconfig, translate(${name} || ' ' || ${email}, '@._+-/', '      '))`;

const sharesTenant = (userId: unknown): SQL =>
  sql`exists (select 1 from memberships m where m.tenant_id = ${currentTenant} and m.user_id = ${userId})`;

/** Members of tenants that are being erased; whoever belongs to another as well stays all the same. */
const ofErased = (userId: unknown): SQL =>
  sql`${userId} in (select m.user_id from public.memberships m join public.tenant_deletions d on d.tenant_id = m.tenant_id where d.closed_at is not null and d.finished_at is null)`;

/** People. A person may be a member of several tenants; the app role sees its own tenant's members. */
export const users = pgTable(
  'users',
  {
    id: uuid('id')
      .$type<UserId>()
      .primaryKey()
      .$defaultFn(() => newId<UserId>()),
    /** Lower case; compared as is. */
    email: text('email').notNull().unique(),
    name: text('name').notNull(),
    /** Argon2id in PHC string format; null for people who sign in with an identity provider. */
    passwordHash: text('password_hash'),
    /** Raised to end every session of this person at once. */
    sessionVersion: integer('session_version').notNull().default(1),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('users_words').using('gin', personWords(table.name, table.email)),
    pgPolicy('tenant_isolation', { for: 'select', to: appRole, using: sharesTenant(table.id) }),
    ...[identityRole, platformRole].map((role) =>
      pgPolicy(`${role.name}_access`, {
        for: 'all',
        to: role,
        using: sql`true`,
        withCheck: sql`true`,
      }),
    ),
    pgPolicy('eraser_access', {
      for: 'all',
      to: eraserRole,
      using: ofErased(table.id),
      withCheck: ofErased(table.id),
    }),
  ],
);
declareGrants('users', {
  force: true,
  grants: {
    app: [{ privilege: 'select', columns: ['id', 'email', 'name', 'session_version'] }],
    identity: ['select', 'insert', 'update'],
    platform: [{ privilege: 'select', columns: ['id', 'email', 'name', 'created_at'] }],
    eraser: [
      { privilege: 'select', columns: ['id'] },
      // What locking a row takes.
      { privilege: 'update', columns: ['session_version'] },
      'delete',
    ],
  },
});

/** A person's account at an identity provider (OpenID Connect `iss` + `sub`). */
export const userIdentities = controlTable(
  'user_identities',
  {
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    userId: uuid('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  { identity: ['select', 'insert'] },
  (table) => [
    unique('user_identities_key').on(table.issuer, table.subject),
    index('user_identities_user').on(table.userId),
  ],
);

export const staff = controlTable(
  'staff',
  {
    userId: uuid('user_id')
      .$type<UserId>()
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text('role', { enum: staffRoles }).notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  {
    identity: ['select', 'insert', { privilege: 'update', columns: ['role'] }, 'delete'],
    platform: ['select'],
  },
);

/** What there is to know of a look besides whose it was. */
export interface StaffLookDetails {
  readonly filter?: Readonly<Record<string, unknown>>;
  /** Tenants that were shown, when it was not exactly one, and how many more there were. */
  readonly tenants?: readonly string[];
  readonly moreTenants?: number;
  /** Persons that a search has found. */
  readonly persons?: readonly string[];
  /** The code of the error that the look ended with. */
  readonly refused?: string;
}

/** What staff looked at or did. Written in the transaction of the look. */
export const staffAccessLogs = controlTable(
  'staff_access_logs',
  {
    id: uuid('id')
      .primaryKey()
      .$defaultFn(() => newId()),
    at: instant('at').notNull().defaultNow(),
    userId: uuid('user_id').$type<UserId>().notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>(),
    action: text('action').notNull(),
    requestId: text('request_id').notNull(),
    /** The filter, the tenants whose rows were shown when they are several, a refusal. */
    details: jsonb('details').$type<StaffLookDetails>().notNull().default({}),
  },
  // What people of the staff do with their own sign-in is written where they are people.
  {
    platform: ['select', 'insert'],
    identity: ['insert'],
    // Of looks at several tenants, the erased one's id.
    eraser: [{ privilege: 'update', columns: ['details'] }],
  },
  (table) => [
    index('staff_access_logs_tenant_at').on(table.tenantId, table.at),
    // Their list: ids go by time. A look at several tenants names them among its details.
    index('staff_access_logs_person').on(table.userId, table.id),
    index('staff_access_logs_action').on(table.action, table.id),
    index('staff_access_logs_tenants').using('gin', sql`(${table.details} -> 'tenants')`),
  ],
);

/** Counters of rate-limiter-flexible: sign-in attempts per account and per address. */
export const rateLimits = controlTable(
  'rate_limits',
  {
    key: text('key').primaryKey(),
    points: integer('points').notNull().default(0),
    /** Milliseconds since the epoch. */
    expire: bigint('expire', { mode: 'number' }),
  },
  { identity: ['select', 'insert', 'update', 'delete'] },
);

export const memberships = tenantTable<MembershipId>()(
  'memberships',
  {
    userId: uuid('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text('role', { enum: memberRoles }).notNull(),
  },
  {
    // No insert, and the person stays: whoever the app role could make a member, it could look up.
    app: ['select', { privilege: 'update', columns: ['role'] }, 'delete'],
    identity: ['select', 'insert'],
    platform: ['select'],
  },
  (table) => [
    uniqueIndex('memberships_user').on(table.tenantId, table.userId),
    // Whoever belongs to another tenant is not erased with this one.
    pgPolicy('eraser_reads', { for: 'select', to: eraserRole, using: sql`true` }),
    index('memberships_by_user').on(table.userId),
    index('memberships_by_role').on(table.tenantId, table.role),
  ],
);

export const inviterKinds = ['member', 'staff'] as const;

export const invitations = tenantTable<InvitationId>()(
  'invitations',
  {
    email: text('email').notNull(),
    role: text('role', { enum: memberRoles }).notNull(),
    /** SHA-256 of the token in the link, base64url: the link itself is kept nowhere. */
    tokenHash: text('token_hash').notNull(),
    invitedBy: uuid('invited_by').$type<UserId>().notNull(),
    /** As whom: a member of the organisation, or staff that makes it ready for its first owner. */
    invitedAs: text('invited_as', { enum: inviterKinds }).notNull().default('member'),
    expiresAt: instant('expires_at').notNull(),
    acceptedAt: instant('accepted_at'),
    revokedAt: instant('revoked_at'),
  },
  {
    // Who becomes the first owner leaves none of staff's open.
    identity: ['select', { privilege: 'update', columns: ['accepted_at', 'revoked_at'] }],
    // Never what the link is known by.
    platform: [
      {
        privilege: 'select',
        columns: [
          'tenant_id',
          'id',
          'created_at',
          'email',
          'role',
          'invited_by',
          'invited_as',
          'expires_at',
          'accepted_at',
          'revoked_at',
        ],
      },
    ],
  },
  (table) => [
    index('invitations_list').on(table.tenantId, table.createdAt),
    index('invitations_by_token').on(table.tokenHash),
  ],
);
