import { type TenantId, withIdentity } from '@/db';
import { keyStore, nextTenantKey, reseal } from '@/lib/vault';
import { inTenant, newCommand, recordKeys } from './act';
import { beforeAll, type SealedPlace, sealedPlaces } from './sealed-places';
import { newestKeys } from './status';

/** Texts that are sealed anew in one transaction. */
const batchSize = 100;

export interface TenantKeyRotation {
  /** Organisations that got a new key. */
  readonly rotated: number;
  /** Texts sealed anew. */
  readonly resealed: number;
  /** Texts that no key opens: they were unreadable before, and stay as they are. */
  readonly unreadable: number;
}

interface Tally {
  rotated: number;
  resealed: number;
  unreadable: number;
}

const allKeys = () => withIdentity((tx) => keyStore().all(tx));

/** Give an organisation its next key, on record. */
async function renew(tenantId: TenantId, command: string): Promise<void> {
  await inTenant(tenantId, command, async (tx, context) => {
    await recordKeys(tx, context, 'keys.rotated', {});
    await nextTenantKey(tx, tenantId);
  });
}

/**
 * One batch, in a transaction. Sealing comes first and the rows are locked only then; a text that was
 * exchanged meanwhile, by a refresh say, is left as it is.
 * @returns the last text looked at; null at the end
 */
async function batch(
  place: SealedPlace,
  tenantId: TenantId,
  keyId: string,
  after: string,
  command: string,
  tally: Tally,
): Promise<string | null> {
  return inTenant(tenantId, command, async (tx, context) => {
    const texts = await place.next(tx, tenantId, keyId, after, batchSize);
    const sealed = await Promise.all(
      texts.map((text) => reseal(tx, context, text.sealed).catch(unreadableOrThrow)),
    );
    for (const [at, text] of texts.entries()) {
      const fresh = sealed[at];
      if (!fresh) tally.unreadable += 1;
      else if (await place.exchange(tx, tenantId, text, fresh)) tally.resealed += 1;
    }
    return texts.length < batchSize ? null : (texts.at(-1)?.id ?? null);
  });
}

/** A damaged text must not keep all others from their new key. */
function unreadableOrThrow(error: unknown): null {
  const fault = (error as { fault?: string }).fault;
  if (fault === 'unreadable' || fault === 'context_mismatch') return null;
  throw error;
}

/** Seal with an organisation's newest key what is under another one. */
async function resealTenant(
  tenantId: TenantId,
  keyId: string,
  command: string,
  tally: Tally,
  onProgress: (tally: TenantKeyRotation) => void,
): Promise<void> {
  const before = tally.resealed;
  for (const place of sealedPlaces()) {
    let after: string | null = beforeAll;
    while (after !== null) {
      after = await batch(place, tenantId, keyId, after, command, tally);
      onProgress(tally);
    }
  }
  const resealed = tally.resealed - before;
  if (resealed === 0) return;
  await inTenant(tenantId, command, (tx, context) =>
    recordKeys(tx, context, 'keys.resealed', { texts: resealed }),
  );
}

/** Seal anew, until a look over everything finds nothing more to do. */
async function resealAll(
  tenantIds: ReadonlySet<TenantId>,
  command: string,
  tally: Tally,
  onProgress: (tally: TenantKeyRotation) => void,
): Promise<void> {
  const newest = newestKeys(await allKeys());
  for (const [tenantId, { id, generation }] of newest) {
    if (generation === 1 || !tenantIds.has(tenantId)) continue;
    let before: number;
    do {
      before = tally.resealed;
      tally.unreadable = 0;
      await resealTenant(tenantId, id, command, tally, onProgress);
      // A call that began before the new key may have sealed with the one before it meanwhile.
    } while (tally.resealed > before);
  }
}

/** Note when the exchange of all keys began, or find when it did: what is older gets a new key. */
async function beginAll(): Promise<Date> {
  return withIdentity(async (tx) => {
    const state = await keyStore().state(tx);
    const since = state?.rotationSince ?? new Date();
    if (state && !state.rotationSince)
      await keyStore().setState(tx, { ...stateOf(state), rotationSince: since });
    return since;
  });
}

const endAll = () =>
  withIdentity(async (tx) => {
    const state = await keyStore().state(tx);
    if (state) await keyStore().setState(tx, { ...stateOf(state), rotationSince: null });
  });

const stateOf = ({
  keyEncryptionKeyId,
  canary,
}: {
  keyEncryptionKeyId: string;
  canary: string;
}) => ({
  keyEncryptionKeyId,
  canary,
});

type Progress = (tally: TenantKeyRotation) => void;

/** All of them: those whose newest key is older than the beginning of the exchange get a new one. */
async function rotateAll(command: string, tally: Tally, onProgress: Progress): Promise<void> {
  const since = await beginAll();
  const newest = newestKeys(await allKeys());
  for (const [tenantId, { createdAt }] of newest) {
    if (createdAt >= since) continue;
    await renew(tenantId, command);
    tally.rotated += 1;
    onProgress(tally);
  }
  await resealAll(new Set(newest.keys()), command, tally, onProgress);
  await endAll();
}

/** One: what an interrupted exchange left is finished instead of beginning another. */
async function rotateOne(
  tenantId: TenantId,
  command: string,
  tally: Tally,
  onProgress: Progress,
): Promise<void> {
  const own = new Set([tenantId]);
  await resealAll(own, command, tally, onProgress);
  if (tally.resealed > 0) return;
  await renew(tenantId, command);
  tally.rotated += 1;
  await resealAll(own, command, tally, onProgress);
}

/**
 * Give every organisation, or one, a new key, and seal with it what the former ones sealed. Calls go
 * on: the former keys open until the last text has moved, and after. Safe to interrupt: run again, it
 * goes on where it was, without another key for those that got theirs.
 * @throws VaultError
 */
export async function rotateTenantKeys(
  only?: TenantId,
  onProgress: Progress = () => {},
): Promise<TenantKeyRotation> {
  const command = newCommand();
  const tally = { rotated: 0, resealed: 0, unreadable: 0 };
  if (only) await rotateOne(only, command, tally, onProgress);
  else await rotateAll(command, tally, onProgress);
  return tally;
}
