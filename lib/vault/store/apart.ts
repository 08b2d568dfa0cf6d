import { KeyStoreDatabase, type KeyStoreState, newId, type StoredKey, type TenantId } from '@/db';
import { vaultState } from '@/db/schema';
import { VaultError } from '../errors';
import { insideStore } from './inside';
import type { KeyStore, StoreState, VaultTransaction } from './store';

/** Milliseconds that what a tenant's keys are is remembered: how long a destroyed one may live on. */
const freshFor = 30_000;
/** Milliseconds that it is remembered while the store does not answer. */
const staleFor = 3_600_000;
/** Tenants remembered at most; the one read longest ago leaves first. */
const remembered = 5_000;

interface Known {
  readonly keys: readonly StoredKey[];
  readonly at: number;
}

/** Says nothing of what the driver said: that may quote the address with its password. */
const unavailable = (where: string) =>
  new VaultError(
    'key_store_unavailable',
    `The store of keys at ${where} does not answer. See that it runs and that this login is let in (KEY_STORE_URL). Nothing was changed.`,
  );

const shredded = (at: Date) =>
  new VaultError(
    'key_shredded',
    `The keys of this organisation were destroyed on ${at.toISOString().slice(0, 10)}: nothing that was sealed for it can be opened, and nothing new is sealed.`,
  );

/** Host and database of an address, for people. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'KEY_STORE_URL';
  const { host, pathname } = new URL(url);
  return `${host || 'localhost'}${pathname}`;
}

/** A store in a PostgreSQL of its own. */
export class ApartStore implements KeyStore {
  readonly place = 'apart';
  readonly where: string;
  readonly #database: KeyStoreDatabase;
  readonly #known = new Map<TenantId, Known>();

  constructor(url: string) {
    this.where = placeOf(url);
    this.#database = new KeyStoreDatabase(url);
  }

  async #ask<T>(question: (database: KeyStoreDatabase) => Promise<T>): Promise<T> {
    try {
      return await question(this.#database);
    } catch {
      throw unavailable(this.where);
    }
  }

  /**
   * The store's state, when it is the store of this database.
   * @throws VaultError `key_store_wrong` for any other one
   */
  async state(tx: Parameters<KeyStore['state']>[0]): Promise<KeyStoreState | undefined> {
    const [own] = await tx.select({ storeId: vaultState.keyStoreId }).from(vaultState);
    const state = await this.#ask((database) => database.state());
    // An empty store is left behind by a first start that did not come to its end.
    if (!own && (!state || (await this.all()).length === 0)) return undefined;
    if (own && state && own.storeId === state.storeId) return state;
    const problem =
      own && own.storeId === null
        ? 'The keys of this database lie in the database itself. Move them: npm run tenantry -- keys move.'
        : 'It is not the store that the keys of this database lie in. Configure the right one; nothing was changed.';
    throw new VaultError('key_store_wrong', `KEY_STORE_URL is ${this.where}. ${problem}`);
  }

  async setState(tx: Parameters<KeyStore['state']>[0], state: StoreState): Promise<void> {
    await this.#ask((database) => database.prepare());
    await this.state(tx);
    const storeId: string = (await this.foundState())?.storeId ?? newId();
    await this.claim(tx, { ...state, storeId });
  }

  /** Have a store say that it is this database's, and the database that its keys lie there. */
  async claim(tx: Parameters<KeyStore['state']>[0], state: KeyStoreState): Promise<void> {
    const { storeId, keyEncryptionKeyId, canary } = state;
    await tx
      .insert(vaultState)
      .values({ keyEncryptionKeyId, canary, keyStoreId: storeId })
      .onConflictDoUpdate({ target: [vaultState.id], set: { keyStoreId: storeId } });
    await this.#ask(async (database) => {
      await database.prepare();
      await database.setState(state);
    });
  }

  /** The state as it lies there, whosever it is. */
  foundState(): Promise<KeyStoreState | undefined> {
    return this.#ask((database) => database.state());
  }

  async wrappingKeyId(): Promise<string | undefined> {
    return (await this.foundState())?.keyEncryptionKeyId;
  }

  async keysOf(
    tx: VaultTransaction,
    tenantId: TenantId,
    fresh = false,
  ): Promise<readonly StoredKey[]> {
    const known = this.#known.get(tenantId);
    const age = known ? Date.now() - known.at : Number.POSITIVE_INFINITY;
    if (known && !fresh && age < freshFor) return known.keys;
    try {
      return await this.#read(tx, tenantId);
    } catch (error) {
      const outage = error instanceof VaultError && error.fault === 'key_store_unavailable';
      if (known && !fresh && outage && age < staleFor) return known.keys;
      throw error;
    }
  }

  /** Take over what a process made in the database while the keys were moved. */
  async #adopt(tx: VaultTransaction, tenantId: TenantId): Promise<readonly StoredKey[]> {
    const keys = await insideStore.keysOf(tx, tenantId);
    for (const key of keys) await this.#ask((database) => database.add(key));
    return keys;
  }

  async #read(tx: VaultTransaction, tenantId: TenantId): Promise<readonly StoredKey[]> {
    const found = await this.#ask((database) => database.keysOf(tenantId));
    this.#known.delete(tenantId);
    if (found.shreddedAt) throw shredded(found.shreddedAt);
    const keys = found.keys.length > 0 ? found.keys : await this.#adopt(tx, tenantId);
    // That there is none is not remembered: there will be one in a moment.
    if (keys.length > 0) this.#known.set(tenantId, { keys, at: Date.now() });
    const oldest = this.#known.keys().next();
    if (this.#known.size > remembered && !oldest.done) this.#known.delete(oldest.value);
    return keys;
  }

  async add(_tx: unknown, key: Omit<StoredKey, 'createdAt'>): Promise<boolean> {
    this.#known.delete(key.tenantId);
    return this.#ask((database) => database.add(key));
  }

  async rewrap(_tx: unknown, key: StoredKey, wrapped: string, by: string): Promise<boolean> {
    this.#known.delete(key.tenantId);
    return this.#ask((database) => database.rewrap(key, wrapped, by));
  }

  async shred(_tx: unknown, tenantId: TenantId): Promise<number> {
    this.#known.delete(tenantId);
    return this.#ask((database) => database.shred(tenantId));
  }

  all(): Promise<readonly Omit<StoredKey, 'wrapped'>[]> {
    return this.#ask((database) => database.all());
  }

  end(): Promise<void> {
    return this.#database.end();
  }
}
