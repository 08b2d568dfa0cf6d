import {
  checkPackages,
  checkPolicyServed,
  checkSecretFiles,
  checkSettings,
  type DoctorCheck,
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
  const looking = [
    inspectDatabase(installation),
    url ? checkPolicyServed(url) : undefined,
  ] as const;
  const code = inspectCode(root);
  const [database, served] = await Promise.all(looking);
  return [
    ...code,
    ...database,
    ...(served ? [served] : []),
    checkSettings(env, embedded),
    checkSecretFiles(env),
    checkPackages(root),
  ];
}
