import { type TenantId, withIdentity } from '@/db';
import { type DoctorCheck, type Finding, placed, unseenCheck } from '@/lib/doctor';
import { logger } from '@/lib/observability';
import { configuredKeyIds, keyStore, VaultError } from '@/lib/vault';
import { inTenant, newCommand } from './act';
import { leftInside } from './move';
import { type PersonWrapping, personWrappings } from './person-secrets';
import { beforeAll, sealedPlaces } from './sealed-places';
import { tenantIds } from './status';

type Keys = Awaited<ReturnType<ReturnType<typeof keyStore>['all']>>;

const warning = (where: string, problem: string, remedy: string): Finding => ({
  where,
  problem,
  remedy,
  severity: 'warning',
});

/** Keys, and secrets of people, that were wrapped with what the configuration does not name. */
function strangers(keys: Keys, persons: readonly PersonWrapping[]): Finding[] {
  const known = configuredKeyIds();
  const unknown = new Set(
    [...keys, ...persons]
      .map(({ keyEncryptionKeyId }) => keyEncryptionKeyId)
      .filter((id) => !known.has(id)),
  );
  return [...unknown].map((id) => {
    const count = keys.filter(({ keyEncryptionKeyId }) => keyEncryptionKeyId === id).length;
    const people = persons.find((one) => one.keyEncryptionKeyId === id)?.people ?? 0;
    const factors = people > 0 ? ` and ${people} second factors` : '';
    return warning(
      'KEY_ENCRYPTION_KEY',
      `${count} keys of organisations${factors} are wrapped with ${id}, which is not configured: what they sealed cannot be opened.`,
      'Name it in KEY_ENCRYPTION_KEY_PREVIOUS, and run npm run tenantry -- keys rotate --wrapping.',
    );
  });
}

/** Whether an organisation without a key has secrets. Destroyed keys are meant to be gone. */
async function isLocked(tenantId: TenantId): Promise<boolean> {
  return inTenant(tenantId, newCommand(), async (tx) => {
    try {
      if ((await keyStore().keysOf(tx, tenantId, true)).length > 0) return false;
    } catch (error) {
      if (error instanceof VaultError && error.fault === 'key_shredded') return false;
      throw error;
    }
    for (const place of sealedPlaces()) {
      if ((await place.next(tx, tenantId, 'none', beforeAll, 1)).length > 0) return true;
    }
    return false;
  });
}

async function locked(keys: Keys): Promise<Finding[]> {
  const having = new Set(keys.map(({ tenantId }) => tenantId));
  const findings: Finding[] = [];
  for (const tenantId of await tenantIds()) {
    if (having.has(tenantId) || !(await isLocked(tenantId))) continue;
    findings.push(
      warning(
        'tenant_keys',
        `Organisation ${tenantId} has secrets and no key: they cannot be opened.`,
        'Put its key back from a backup of the key store, or have its people connect again.',
      ),
    );
  }
  return findings;
}

async function copies(): Promise<Finding[]> {
  const left = await leftInside();
  if (left === 0) return [];
  return [
    warning(
      'KEY_STORE_URL',
      `Copies of the keys of ${left} organisations are still in the database, and so in its backups.`,
      'Once every process was started with KEY_STORE_URL, run npm run tenantry -- keys move --finish.',
    ),
  ];
}

async function look(): Promise<{ readonly looked: string; readonly findings: Finding[] }> {
  const { state, keys } = await withIdentity(async (tx) => {
    const found = await keyStore().state(tx);
    return { state: found, keys: found ? await keyStore().all(tx) : [] };
  });
  if (!state) return { looked: 'nothing sealed yet', findings: [] };
  const findings = [
    ...strangers(keys, await personWrappings()),
    ...(await locked(keys)),
    ...(await copies()),
  ];
  return { looked: `${keys.length} keys in ${keyStore().where}`, findings };
}

/**
 * Whether every organisation's secrets can be opened with the keys that are configured. Never fails:
 * what could not be looked at is a finding.
 */
export async function checkKeys(): Promise<DoctorCheck> {
  const check = 'Every secret has its key, and every key its wrapping key';
  try {
    return placed('configuration', 'process', { check, ...(await look()) });
  } catch (error) {
    if (!(error instanceof VaultError)) {
      logger.warn({ err: error }, 'The keys could not be looked at');
      return unseenCheck('configuration', 'the keys', error);
    }
    const where = error.fault.startsWith('key_store') ? 'KEY_STORE_URL' : 'KEY_ENCRYPTION_KEY';
    const remedy = 'Put right what it says; npm run tenantry -- keys status tells more.';
    const findings = [warning(where, error.message, remedy)];
    return placed('configuration', 'process', { check, looked: keyStore().where, findings });
  }
}
