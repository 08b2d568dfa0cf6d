import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GivenDatabaseError, requireGiven } from '@/db/testing/given';
import { sourcesDigest } from '@/lib/trust';
import { help, type IsolationOptions, readOptions, UsageError } from './isolation/options';
import { recordIsolation } from './isolation/record';
import { pageOf } from './isolation/report/page';
import { type IsolationReport, jsonOf } from './isolation/report/shape';
import { runSuite } from './isolation/run';

/**
 * `npm run isolation`: tries to get from one tenant to another, prints `N passed, N failed` and
 * writes the report. Exit code 1 when anything did not hold.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

/** A complete run is what the trust page shows; others do not replace it. */
function folderOf({ only, database }: IsolationOptions): string {
  const complete = only === undefined && database === undefined;
  return complete ? join('docs', 'trust') : join('test-results', 'reports', 'isolation');
}

function write(options: IsolationOptions, report: IsolationReport): string {
  const folder = folderOf(options);
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, 'isolation.json'), jsonOf(report));
  writeFileSync(join(root, folder, 'isolation.html'), pageOf(report));
  return folder;
}

/** The report with the digest of what it looked at, unless that changed while it did. */
async function ofTheseSources(run: () => Promise<IsolationReport>): Promise<IsolationReport> {
  const before = sourcesDigest(root);
  const report = await run();
  return before && before === sourcesDigest(root) ? { ...report, sourcesDigest: before } : report;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(help);
    return 0;
  }
  // Whatever is said beside the report goes where it does not get into it.
  const say = options.json ? console.error : console.log;
  if (options.database !== undefined) say(await requireGiven(options.database, options.readOnly));
  const report = await ofTheseSources(() => runSuite(root, options));
  const folder = write(options, report);
  if (options.json) console.log(JSON.stringify(report));
  if (options.record) say(await recordIsolation(report));
  say(`\nThe report is in ${folder}/isolation.html and isolation.json.`);
  say(`\n${report.passed} passed, ${report.failed} failed`);
  return report.failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof UsageError || error instanceof GivenDatabaseError;
  console.error(known ? error.message : error);
  process.exitCode = 1;
}
