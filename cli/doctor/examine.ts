import {
  checkPackages,
  checkPolicyServed,
  checkSecretFiles,
  checkSettings,
  type DoctorCheck,
  settled,
} from '@/lib/doctor';
import { inspectCode } from './code';
import { inspectDatabase } from './database';
import type { Installation } from './installation';

/**
 * Whether the doors hold, in the code and in the running database.
 * @param root where the product is
 * @param url address of the running product, if it serves
 */
export async function examine(
  root: string,
  installation: Installation,
  url: string | undefined,
): Promise<DoctorCheck[]> {
  const { env, embedded } = installation;
  const database = settled('tables', 'the database', () => inspectDatabase(installation));
  const served = url
    ? settled('configuration', url, async () => [await checkPolicyServed(url)])
    : Promise.resolve([]);
  const parts = await Promise.all([
    settled('endpoints', root, () => inspectCode(root)),
    database,
    served,
    settled('configuration', 'settings', () => [checkSettings(env, embedded)]),
    settled('configuration', env.DATA_DIR, () => [checkSecretFiles(env)]),
    settled('versions', 'package.json', () => [checkPackages(root)]),
  ]);
  return parts.flat();
}
