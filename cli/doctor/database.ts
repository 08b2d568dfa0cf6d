import { inspectCatalogue, probeDoors } from '@/db/catalogue';
import { startEmbedded } from '@/db/embedded';
import { type DoctorCheck, databaseChecks, unseenDatabase } from '@/lib/doctor';
import type { Installation } from './installation';

const notListening = new Set(['ENOENT', 'ECONNREFUSED']);

async function look({ owner, serving, production }: Installation): Promise<DoctorCheck[]> {
  const [catalogue, tried] = await Promise.all([
    inspectCatalogue(owner ?? '', { production }),
    serving ? probeDoors(serving) : [],
  ]);
  const checks = databaseChecks([...catalogue, ...tried]);
  if (serving) return checks;
  const unknown = unseenDatabase(
    'tenantry_app',
    'The login that serves tenants is not known here, so nothing was tried with it.',
    'Run this where npm start runs, or set DATABASE_APP_URL and its kin, and TENANT_CONTEXT_KEY.',
  );
  return [...checks, unknown];
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
    const where = embedded ? dataDir : 'DATABASE_URL';
    const remedy = 'See that the database runs and that this login may read its catalogue.';
    const problem = `It could not be looked at: ${(error as Error).message}.`;
    return [unseenDatabase(where, problem, remedy)];
  }
}
