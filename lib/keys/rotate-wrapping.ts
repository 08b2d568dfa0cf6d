import { withIdentity } from '@/db';
import { canaryOf, keyRing, keyStore, rewrapTenantKeys, VaultError } from '@/lib/vault';
import { inTenant, newCommand, recordKeys } from './act';
import { rewrapPersonSecrets } from './person-secrets';

export interface WrappingRotation {
  readonly from: string;
  readonly to: string;
  readonly rewrapped: number;
}

/** Have every process wrap new keys with the wanted one; it is proven before. */
async function choose(): Promise<{ readonly from: string; readonly to: string }> {
  const { wanted } = keyRing();
  const canary = await canaryOf(wanted);
  return withIdentity(async (tx) => {
    const state = await keyStore().state(tx);
    if (!state) throw new VaultError('key_state_missing', 'Nothing is sealed yet. Run npm start.');
    const from = state.keyEncryptionKeyId;
    if (from !== wanted.id) {
      const { rotationSince } = state;
      await keyStore().setState(tx, { keyEncryptionKeyId: wanted.id, canary, rotationSince });
    }
    return { from, to: wanted.id };
  });
}

/**
 * Wrap every organisation's keys, and the secrets of people, with the configured key. Calls go on: each key is exchanged in a
 * transaction of its own, and one still wrapped with the former key opens as long as that is at hand.
 * Safe to interrupt and to run again.
 * @param onProgress gets the number of keys done
 * @throws VaultError
 */
export async function rotateWrapping(
  onProgress: (done: number) => void = () => {},
): Promise<WrappingRotation> {
  const { from, to } = await choose();
  const command = newCommand();
  let rewrapped = await rewrapPersonSecrets(to);
  for (;;) {
    const keys = await withIdentity((tx) => keyStore().all(tx));
    const left = keys.filter(({ keyEncryptionKeyId }) => keyEncryptionKeyId !== to);
    const tenants = new Set(left.map(({ tenantId }) => tenantId));
    let done = 0;
    for (const tenantId of tenants) {
      done += await inTenant(tenantId, command, async (tx, context) => {
        // On record first: the store may be apart, and keeps what it was told.
        await recordKeys(tx, context, 'keys.rewrapped', { with: to });
        return rewrapTenantKeys(tx, tenantId);
      });
      onProgress(rewrapped + done);
    }
    rewrapped += done;
    // A sign-up that began before may have wrapped with the former key meanwhile.
    if (tenants.size === 0 || done === 0) return { from, to, rewrapped };
  }
}
