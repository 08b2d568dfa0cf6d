import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { releaseOf } from '@/lib/trust';
import { chosenMutants, mutants } from './mutants/list';
import { type MutantsReport, pageOf, reportOf } from './mutants/report';
import { type Tried, tryMutants } from './mutants/run';

/**
 * `npm run mutants`: takes defences away one by one and expects a test to notice. With names, those
 * only; `--json` prints the report. All of them are written to `docs/trust`. The last line is
 * `N passed, N failed`: a mutant that was noticed has passed. Exit code 1 when one was not.
 */
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const json = process.argv.includes('--json');
const names = process.argv.slice(2).filter((word) => word !== '--json');

/** Progress; beside the report when that is what is asked for. */
const say = json ? console.error : console.log;

function tell({ mutant, verdict, seconds }: Tried): void {
  const sign = verdict.outcome === 'killed' ? '✓' : '✗';
  say(`${sign} ${mutant.name.padEnd(32)} ${seconds.toFixed(1).padStart(6)} s  ${mutant.taken}`);
  if (verdict.outcome === 'killed') return;
  say(`    ${verdict.outcome}: ${verdict.said}`);
  say(`    expected to notice: ${mutant.noticedBy.file}, "${mutant.noticedBy.title}"`);
}

function write(report: MutantsReport): void {
  const folder = join(root, 'docs', 'trust');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'mutants.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, 'mutants.md'), pageOf(report));
}

const cancel = new AbortController();
process.once('SIGINT', () => cancel.abort());

try {
  const startedAt = new Date();
  const release = releaseOf(root);
  const chosen = chosenMutants(names);
  const listener = { step: (words: string) => say(`\n${words}\n`), tried: tell };
  const tried = await tryMutants(root, mutants, chosen, listener, cancel.signal);
  // What was changed meanwhile is a mixture of two products, and no one's report.
  const unchanged = releaseOf(root).sourcesDigest === release.sourcesDigest;
  const report = reportOf(tried, {
    ...release,
    startedAt,
    sourcesDigest: unchanged ? release.sourcesDigest : undefined,
  });
  if (chosen.length === mutants.length) write(report);
  if (json) console.log(JSON.stringify(report, null, 2));
  say(`\n${report.passed} passed, ${report.failed} failed`);
  process.exitCode = report.failed === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
