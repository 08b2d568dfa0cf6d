import type { IdentityTransaction, StoredKey, TenantId, TenantTransaction } from '@/db';

/** A transaction that the vault is asked in: a tenant's own, or that of a sign-up. */
export type VaultTransaction = TenantTransaction | IdentityTransaction;

/** What a store says of itself. */
export interface StoreState {
  /** Names what new keys of tenants are wrapped with. */
  readonly keyEncryptionKeyId: string;
  /** A known text sealed under that key. */
  readonly canary: string;
  /** When the exchange of all tenants' keys began that has not ended yet. */
  readonly rotationSince: Date | null;
}

/** Where the wrapped keys of tenants lie. */
export interface KeyStore {
  /** `inside` the database itself, so that its backups hold them, or `apart` from it. */
  readonly place: 'inside' | 'apart';
  /** For people: says nothing of a login. */
  readonly where: string;
  /** @returns undefined over a database that nothing was sealed in yet */
  state(tx: IdentityTransaction): Promise<StoreState | undefined>;
  setState(tx: IdentityTransaction, state: StoreState): Promise<void>;
  /** What new keys are to be wrapped with, as any transaction may ask it. */
  wrappingKeyId(tx: VaultTransaction): Promise<string | undefined>;
  /**
   * The keys of a tenant, newest generation first.
   * @param fresh not from memory
   */
  keysOf(tx: VaultTransaction, tenantId: TenantId, fresh?: boolean): Promise<readonly StoredKey[]>;
  /** @returns false when one of that id or generation is there */
  add(tx: VaultTransaction, key: Omit<StoredKey, 'createdAt'>): Promise<boolean>;
  /** @returns false when it is wrapped otherwise by now */
  rewrap(tx: TenantTransaction, key: StoredKey, wrapped: string, by: string): Promise<boolean>;
  /** @returns how many keys were destroyed */
  shred(tx: TenantTransaction, tenantId: TenantId): Promise<number>;
  /** Every tenant's keys, without their wrapping. */
  all(tx: IdentityTransaction): Promise<readonly Omit<StoredKey, 'wrapped'>[]>;
  end(): Promise<void>;
}
