import { type CatalogueCheck, inspectCatalogue } from '@/db/catalogue';
import { startEmbedded } from '@/db/embedded';
import { localDatabaseUrls } from '@/db/local';
import type { CheckResult } from './finding';

const titles: Readonly<Record<string, string>> = {
  'row-security': 'Tenant tables force row security',
  policies: 'Tenant tables have their isolation policy and no other way in',
  'leading-index': 'Tenant tables have a key that leads with the tenant',
  'unique-keys': 'Unique keys hold within a tenant',
  'foreign-keys': 'Foreign keys cannot cross tenants',
  partitions: 'Partitions are as guarded as their table',
  owners: 'Tables belong to the owner, who does not serve',
  roles: 'Serving roles cannot bypass row security',
  grants: 'Serving roles may do what is declared and no more',
  schemas: 'Nobody else may make things in the schemas',
  sequences: 'Sequences tell nothing across tenants',
  views: 'Views ask as their caller',
  'definer-functions': 'No function acts with its owner’s rights',
  'server-version': 'PostgreSQL has the fixes of row security',
};

const toResult = ({ check, looked, findings }: CatalogueCheck): CheckResult => ({
  check: titles[check] ?? check,
  looked: `${looked} looked at`,
  findings: findings.map(({ what, fix }) => ({ where: 'database', problem: what, remedy: fix })),
});

const notListening = new Set(['ENOENT', 'ECONNREFUSED']);

/** Look at the embedded database; when it is not running, it runs for the time of the look. */
async function inspectEmbedded(
  dataDir: string,
  production: boolean,
): Promise<CatalogueCheck[] | undefined> {
  const urls = localDatabaseUrls(dataDir);
  if (!urls) return undefined;
  try {
    return await inspectCatalogue(urls.owner, { production });
  } catch (error) {
    if (!notListening.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  const server = await startEmbedded({ dataDir });
  try {
    return await inspectCatalogue(urls.owner, { production });
  } finally {
    await server.stop();
  }
}

/**
 * Every check of the database that the product serves from. Nothing in it is changed.
 * @param databaseUrl the owner's login to an external one; undefined looks at the embedded one
 */
export async function inspectDatabase(options: {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly production: boolean;
}): Promise<CheckResult[]> {
  const { databaseUrl, dataDir, production } = options;
  try {
    const checks = databaseUrl
      ? await inspectCatalogue(databaseUrl, { production })
      : await inspectEmbedded(dataDir, production);
    if (checks) return checks.map(toResult);
    return [unseen(dataDir, 'There is no database here yet.', 'Run npm start once.')];
  } catch (error) {
    const where = databaseUrl ? 'DATABASE_URL' : dataDir;
    const remedy = 'See that the database runs and that this login may read its catalogue.';
    return [unseen(where, `It could not be looked at: ${(error as Error).message}.`, remedy)];
  }
}

function unseen(where: string, problem: string, remedy: string): CheckResult {
  const findings = [{ where, problem, remedy }];
  return { check: 'The database can be looked at', looked: where, findings };
}
