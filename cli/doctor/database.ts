import { type CatalogueCheck, inspectCatalogue, probeDoors } from '@/db/catalogue';
import { resetConnections } from '@/db/connections';
import { startEmbedded } from '@/db/embedded';
import { type DoctorCheck, databaseChecks, unseenDatabase } from '@/lib/doctor';
import { checkKeys } from '@/lib/keys';
import { checkRecord } from '@/lib/record';
import { closeKeyStore } from '@/lib/vault';
import type { Installation } from './installation';

const notListening = new Set(['ENOENT', 'ECONNREFUSED']);

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** What of the attempts there is to tell: what came of them, or why there are none. */
function attempted(
  serving: Installation['serving'],
  tried: PromiseSettledResult<CatalogueCheck[]>,
): DoctorCheck[] {
  if (!serving) {
    const problem =
      'The login that serves tenants is not known here, so nothing was tried with it.';
    const remedy =
      'Run this where npm start runs, or set DATABASE_APP_URL and its kin, and TENANT_CONTEXT_KEY.';
    return [unseenDatabase('tenantry_app', problem, remedy)];
  }
  if (tried.status === 'fulfilled') return databaseChecks(tried.value);
  const problem = `Nothing could be tried with this login: ${messageOf(tried.reason)}.`;
  const remedy =
    'See that it can log in with the password in DATABASE_APP_URL or secrets.json and that the database has connections free.';
  return [unseenDatabase('tenantry_app', problem, remedy)];
}

/** Whether secrets can be opened, as the process that serves would find out too late. */
async function keysOf(serving: Installation['serving']): Promise<DoctorCheck[]> {
  if (!serving) return [];
  await resetConnections(serving);
  try {
    return [await checkKeys(), await checkRecord()];
  } finally {
    await closeKeyStore();
    await resetConnections();
  }
}

/**
 * Catalogue and attempts, of which neither takes the other's findings along when it fails.
 * @throws Error of the driver when the owner's login cannot look at the catalogue
 */
async function look({ owner, serving, production }: Installation): Promise<DoctorCheck[]> {
  const [catalogue, tried] = await Promise.allSettled([
    inspectCatalogue(owner ?? '', { production }),
    serving ? probeDoors(serving) : [],
  ]);
  if (catalogue.status === 'fulfilled') {
    const keys = await keysOf(serving);
    return [...databaseChecks(catalogue.value), ...attempted(serving, tried), ...keys];
  }
  if (tried.status === 'rejected') throw catalogue.reason;
  const unknown = unseenCatalogue('DATABASE_URL', catalogue.reason);
  return [unknown, ...attempted(serving, tried)];
}

function unseenCatalogue(where: string, error: unknown): DoctorCheck {
  const remedy = 'See that the database runs and that this login may read its catalogue.';
  return unseenDatabase(where, `It could not be looked at: ${messageOf(error)}.`, remedy);
}

/** When the embedded server is not running, it runs for the time of the look. */
async function lookWithServer(installation: Installation): Promise<DoctorCheck[]> {
  try {
    return await look(installation);
  } catch (error) {
    const away = notListening.has((error as NodeJS.ErrnoException).code ?? '');
    if (!installation.embedded || !away) throw error;
  }
  const server = await startEmbedded({ dataDir: installation.dataDir });
  try {
    return await look(installation);
  } finally {
    await server.stop();
  }
}

/** Every check of the database that the product serves from. Nothing in it is changed. */
export async function inspectDatabase(installation: Installation): Promise<DoctorCheck[]> {
  const { owner, embedded, dataDir } = installation;
  if (!owner) {
    return [unseenDatabase(dataDir, 'There is no database here yet.', 'Run npm start once.')];
  }
  try {
    return await lookWithServer(installation);
  } catch (error) {
    return [unseenCatalogue(embedded ? dataDir : 'DATABASE_URL', error)];
  }
}
