import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { DoctorCheck, DoctorFinding } from '@/lib/doctor/contract';
import { StartFailure } from './failure';
import { elapsed, say } from './progress';

export interface Consultation {
  readonly root: string;
  readonly signal: AbortSignal;
  /** Whether what is found can keep the product from starting. */
  readonly production: boolean;
}

/** How many findings are told at a start; the rest is in the report. */
const told = 3;

/** Run the doctor beside us. It gives way to the parts that people wait for, unless they wait for it. */
async function look({ root, signal, production }: Consultation): Promise<readonly DoctorCheck[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'cli/doctor/at-start.ts')], {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  if (!production && child.pid !== undefined) setPriority(child.pid, 5);
  const said = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said.error += chunk;
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(said.error.trim() || 'it ended by itself');
  return JSON.parse(said.out) as readonly DoctorCheck[];
}

const words = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;

const lines = (findings: readonly DoctorFinding[]): string[] =>
  findings.flatMap(({ where, problem, remedy }) => [
    `      ${where}: ${problem}`,
    `        → ${remedy}`,
  ]);

/** What is said at a start of what was found. */
export function verdict(checks: readonly DoctorCheck[]): readonly string[] {
  const findings = checks.flatMap((check) => check.findings);
  if (findings.length === 0) return [`  ✓ Doctor: ${checks.length} checks, nothing found`];
  const worstFirst = [...findings].sort((one, other) => one.severity.localeCompare(other.severity));
  const more = findings.length > told ? [`      … and ${findings.length - told} more`] : [];
  return [
    `  ! Doctor: ${words(findings.length, 'finding')} in ${checks.length} checks`,
    ...lines(worstFirst.slice(0, told)),
    ...more,
    '      All of it: npm run doctor, or the page Doctor of the support console.',
  ];
}

/** Why a production start does not go on, if so. */
export function refusal(checks: readonly DoctorCheck[]): string | undefined {
  const dangers = checks
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity === 'danger');
  if (dangers.length === 0) return undefined;
  return `The doctor found ${words(dangers.length, 'way')} by which a tenant's rows could get out, so Tenantry does not serve.\n${lines(dangers).join('\n')}`;
}

/**
 * Have everything looked at and say in a line what was found, or in a few. A doctor that cannot look
 * is told of and keeps nobody from starting.
 * @throws StartFailure in production, when a tenant's rows could get out
 */
export async function consultDoctor(consultation: Consultation): Promise<void> {
  const since = performance.now();
  let checks: readonly DoctorCheck[];
  try {
    checks = await look(consultation);
  } catch (error) {
    if (consultation.signal.aborted) return;
    say(`  ! The doctor could not look: ${(error as Error).message}`);
    return;
  }
  const [first = '', ...rest] = verdict(checks);
  say(`${first.padEnd(42)} ${elapsed(since)}`);
  for (const line of rest) say(line);
  const why = consultation.production ? refusal(checks) : undefined;
  if (why) throw new StartFailure(why);
}
