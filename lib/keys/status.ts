import { acrossTenants, type TenantId, withIdentity } from '@/db';
import { tenants } from '@/db/schema';
import { keyRing, keyStore } from '@/lib/vault';
import { inTenant, newCommand } from './act';
import { type PersonWrapping, personWrappings } from './person-secrets';
import { sealedPlaces } from './sealed-places';

/** How many keys of tenants one key encryption key wraps. */
export interface Wrapping {
  readonly keyEncryptionKeyId: string;
  readonly keys: number;
  readonly tenants: number;
  /** People whose second factor it wraps, which no organisation's key does; counted as keys too. */
  readonly people?: number;
  /** This installation is configured with it. */
  readonly atHand: boolean;
}

export interface KeyStatus {
  readonly place: 'inside' | 'apart';
  readonly where: string;
  /** What new keys are wrapped with; null before the first start. */
  readonly wrapsWith: string | null;
  /** What the configuration wants to wrap with. */
  readonly wanted: string;
  readonly wrappings: readonly Wrapping[];
  /** Organisations by the generation of their newest key. */
  readonly generations: Readonly<Record<number, number>>;
  /** Texts under a key that is not their organisation's newest, by place. */
  readonly sealedWithOlder: Readonly<Record<string, number>>;
  /** Organisations without a key: they get one with the first thing that is sealed. */
  readonly withoutKey: readonly TenantId[];
  /** When an exchange of all organisations' keys began that has not ended, in ISO 8601. */
  readonly rotationSince: string | null;
}

type Keys = Awaited<ReturnType<ReturnType<typeof keyStore>['all']>>;

/** The newest key of each organisation. */
export function newestKeys(keys: Keys): Map<TenantId, Keys[number]> {
  // They come by generation.
  return new Map(keys.map((key) => [key.tenantId, key] as const));
}

function wrappingsOf(keys: Keys, persons: readonly PersonWrapping[]): Wrapping[] {
  const { byId } = keyRing();
  const ids = [
    ...new Set([...keys, ...persons].map(({ keyEncryptionKeyId }) => keyEncryptionKeyId)),
  ].toSorted();
  return ids.map((id) => {
    const own = keys.filter(({ keyEncryptionKeyId }) => keyEncryptionKeyId === id);
    const people = persons.find((one) => one.keyEncryptionKeyId === id)?.people ?? 0;
    return {
      keyEncryptionKeyId: id,
      ...(people > 0 ? { people } : {}),
      keys: own.length + people,
      tenants: new Set(own.map(({ tenantId }) => tenantId)).size,
      atHand: byId.has(id),
    };
  });
}

async function sealedWithOlder(keys: Keys, only?: TenantId): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [tenantId, { id, generation }] of newestKeys(keys)) {
    // Under its first and only key is everything.
    if (generation === 1 || (only && only !== tenantId)) continue;
    await inTenant(tenantId, newCommand(), async (tx) => {
      for (const place of sealedPlaces()) {
        const count = await place.count(tx, tenantId, id);
        if (count > 0) found[place.name] = (found[place.name] ?? 0) + count;
      }
    });
  }
  return found;
}

/** Every organisation of the installation. */
export function tenantIds(): Promise<TenantId[]> {
  return withIdentity(async (tx) => {
    const rows = await tx
      .select({ id: tenants.id })
      .from(tenants)
      .where(acrossTenants('the operator looks at the keys of all organisations'));
    return rows.map(({ id }) => id);
  });
}

/**
 * Which key wraps how many keys of organisations, their generations, and what is still sealed with
 * older ones.
 * @throws VaultError
 */
export async function keyStatus(): Promise<KeyStatus> {
  const store = keyStore();
  const { state, keys } = await withIdentity(async (tx) => ({
    state: await store.state(tx),
    keys: await store.all(tx),
  }));
  const newest = newestKeys(keys);
  const generations: Record<number, number> = {};
  for (const { generation } of newest.values()) {
    generations[generation] = (generations[generation] ?? 0) + 1;
  }
  return {
    place: store.place,
    where: store.where,
    wrapsWith: state?.keyEncryptionKeyId ?? null,
    wanted: keyRing().wanted.id,
    wrappings: wrappingsOf(keys, await personWrappings()),
    generations,
    sealedWithOlder: await sealedWithOlder(keys),
    withoutKey: (await tenantIds()).filter((id) => !newest.has(id)),
    rotationSince: state?.rotationSince?.toISOString() ?? null,
  };
}
