import { fileURLToPath } from 'node:url';
import { failed } from '@/lib/doctor';
import { examine } from './doctor/examine';
import { findInstallation } from './doctor/installation';
import { humanReport, jsonReport } from './doctor/report';
import { findRunning } from './start/running';

/**
 * `npm run doctor [-- --json]`: whether the doors hold, in the code and in the running database. Exit
 * code 1 on any finding.
 */
const root = fileURLToPath(new URL('..', import.meta.url));

try {
  const installation = findInstallation(process.env);
  const checks = await examine(root, installation, findRunning(installation.dataDir)?.url);
  console.log(process.argv.includes('--json') ? jsonReport(checks) : humanReport(checks));
  process.exit(failed(checks) ? 1 : 0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
