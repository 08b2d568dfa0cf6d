import { Pool } from 'pg';
import type { TenantId } from './ids';

/** A tenant's data key as it is kept: wrapped. */
export interface StoredKey {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly generation: number;
  readonly wrapped: string;
  readonly keyEncryptionKeyId: string;
  readonly createdAt: Date;
}

export interface KeyStoreState {
  /** Tells this store from any other; the database whose keys it holds knows it. */
  readonly storeId: string;
  readonly keyEncryptionKeyId: string;
  readonly canary: string;
  readonly rotationSince: Date | null;
}

/** Milliseconds for a connection, and for a statement: a call of a tenant waits for them. */
const connectLimit = 3_000;
const statementLimit = 5_000;

/**
 * Safe to repeat. A destroyed key leaves its place behind, so that neither a move out of an old
 * backup nor a later sign-in makes the tenant another one.
 */
const tables = `
create schema if not exists tenantry_keys;
create table if not exists tenantry_keys.tenant_keys (
  tenant_id uuid not null,
  id uuid not null,
  generation integer not null,
  wrapped text,
  key_encryption_key_id text not null,
  created_at timestamptz not null default now(),
  shredded_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, generation),
  check ((wrapped is null) = (shredded_at is not null))
);
create table if not exists tenantry_keys.state (
  id integer primary key default 1 check (id = 1),
  store_id uuid not null,
  key_encryption_key_id text not null,
  canary text not null,
  rotation_since timestamptz,
  created_at timestamptz not null default now()
)`;

const columns = `tenant_id as "tenantId", id, generation, wrapped,
  key_encryption_key_id as "keyEncryptionKeyId", created_at as "createdAt"`;

/** A PostgreSQL of its own for the wrapped keys of tenants: its backups are not the database's. */
export class KeyStoreDatabase {
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = new Pool({
      connectionString: url,
      max: 8,
      application_name: 'tenantry-keys',
      connectionTimeoutMillis: connectLimit,
      query_timeout: statementLimit,
      // It must not keep a process alive that has ended its work.
      allowExitOnIdle: true,
    });
    // A connection that dies tells whoever uses it; without a listener it would end the process.
    this.#pool.on('error', () => {});
  }

  /** Make the tables if they are not there. */
  async prepare(): Promise<void> {
    await this.#pool.query(tables);
  }

  /** @returns undefined in a database that is no key store yet */
  async state(): Promise<KeyStoreState | undefined> {
    const { rows } = await this.#pool.query<{ there: boolean }>(
      `select to_regclass('tenantry_keys.state') is not null as there`,
    );
    if (!rows[0]?.there) return undefined;
    const found = await this.#pool.query<KeyStoreState>(
      `select store_id as "storeId", key_encryption_key_id as "keyEncryptionKeyId", canary,
              rotation_since as "rotationSince"
         from tenantry_keys.state`,
    );
    return found.rows[0];
  }

  async setState(state: KeyStoreState): Promise<void> {
    await this.#pool.query(
      `insert into tenantry_keys.state
         (store_id, key_encryption_key_id, canary, rotation_since) values ($1, $2, $3, $4)
       on conflict (id) do update set
         key_encryption_key_id = excluded.key_encryption_key_id, canary = excluded.canary,
         rotation_since = excluded.rotation_since
       where state.store_id = excluded.store_id`,
      [state.storeId, state.keyEncryptionKeyId, state.canary, state.rotationSince],
    );
  }

  /** The keys of a tenant, newest generation first, and when any of its keys was destroyed. */
  async keysOf(
    tenantId: TenantId,
  ): Promise<{ readonly keys: StoredKey[]; readonly shreddedAt: Date | null }> {
    const { rows } = await this.#pool.query<StoredKey & { shreddedAt: Date | null }>(
      `select ${columns}, shredded_at as "shreddedAt" from tenantry_keys.tenant_keys
        where tenant_id = $1 order by generation desc`,
      [tenantId],
    );
    return {
      keys: rows.filter(({ shreddedAt }) => shreddedAt === null),
      shreddedAt: rows.find(({ shreddedAt }) => shreddedAt !== null)?.shreddedAt ?? null,
    };
  }

  /** Keep a key unless one of that id or generation is there, destroyed or not. */
  async add(key: Omit<StoredKey, 'createdAt'>): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `insert into tenantry_keys.tenant_keys
         (tenant_id, id, generation, wrapped, key_encryption_key_id) values ($1, $2, $3, $4, $5)
       on conflict do nothing`,
      [key.tenantId, key.id, key.generation, key.wrapped, key.keyEncryptionKeyId],
    );
    return rowCount === 1;
  }

  /** Put another wrapping in place of this one, if it is still this one. */
  async rewrap(key: StoredKey, wrapped: string, keyEncryptionKeyId: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `update tenantry_keys.tenant_keys set wrapped = $4, key_encryption_key_id = $5
        where tenant_id = $1 and id = $2 and wrapped = $3`,
      [key.tenantId, key.id, key.wrapped, wrapped, keyEncryptionKeyId],
    );
    return rowCount === 1;
  }

  /**
   * Destroy the keys of a tenant. The table is vacuumed, so that its own pages hold none of them.
   * @returns how many there were
   */
  async shred(tenantId: TenantId): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `update tenantry_keys.tenant_keys set wrapped = null, shredded_at = now()
        where tenant_id = $1 and shredded_at is null`,
      [tenantId],
    );
    await this.#pool.query('vacuum (truncate false) tenantry_keys.tenant_keys');
    return rowCount ?? 0;
  }

  /** Every tenant's keys without their wrapping, for a look at all of them. */
  async all(): Promise<Omit<StoredKey, 'wrapped'>[]> {
    const { rows } = await this.#pool.query<Omit<StoredKey, 'wrapped'>>(
      `select tenant_id as "tenantId", id, generation,
              key_encryption_key_id as "keyEncryptionKeyId", created_at as "createdAt"
         from tenantry_keys.tenant_keys where shredded_at is null order by tenant_id, generation`,
    );
    return rows;
  }

  end(): Promise<void> {
    return this.#pool.end();
  }
}
