import { fileURLToPath } from 'node:url';
import { loadEnv } from '@/lib/env';
import { inspectCode } from './doctor/code';
import { inspectDatabase } from './doctor/database';
import { type CheckResult, failed } from './doctor/finding';
import { checkSecretFiles, checkSettings } from './doctor/installation';
import { checkPolicyServed } from './doctor/policy';
import { humanReport, jsonReport } from './doctor/report';
import { checkPackages } from './doctor/versions';
import { findRunning } from './start/running';

/**
 * `npm run doctor [-- --json]`: whether the doors hold, in the code and in the running database. Exit
 * code 1 on any finding.
 */
async function examine(root: string): Promise<CheckResult[]> {
  const port = process.env.PORT || '3000';
  const env = loadEnv({
    ...process.env,
    APP_URL: process.env.APP_URL || `http://localhost:${port}`,
  });
  const running = findRunning(env.DATA_DIR);
  const [database, served] = await Promise.all([
    inspectDatabase({
      databaseUrl: env.DATABASE_URL || undefined,
      dataDir: env.DATA_DIR,
      production: env.TENANTRY_MODE === 'production',
    }),
    running ? checkPolicyServed(running.url) : undefined,
  ]);
  return [
    ...inspectCode(root),
    ...database,
    ...(served ? [served] : []),
    checkSettings(env),
    checkSecretFiles(env),
    checkPackages(root),
  ];
}

try {
  const results = await examine(fileURLToPath(new URL('..', import.meta.url)));
  console.log(process.argv.includes('--json') ? jsonReport(results) : humanReport(results));
  process.exit(failed(results) ? 1 : 0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
