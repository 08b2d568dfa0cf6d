import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { DoctorCheck, DoctorFinding } from '@/lib/doctor/contract';
import { loadEnv } from '@/lib/env';
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
    signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
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
  if (said.out === '') throw new Error(said.error.trim() || 'it ended by itself');
  const checks = JSON.parse(said.out) as readonly DoctorCheck[];
  if (code === 0) return checks;
  const why = said.error.trim() || 'it ended by itself';
  return [...checks, ofItself({ problem: `What it found was not kept: ${why}` })];
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

const allowance =
  '      Where it has to serve all the same: ALLOW_UNEXAMINED=1, until the doctor can look again.';

/**
 * Why a production start does not go on, if so.
 * @param unexamined whether the operator lets it serve without having been looked at
 */
export function refusal(checks: readonly DoctorCheck[], unexamined = false): string | undefined {
  const findings = checks.flatMap((check) => check.findings);
  const dangers = findings.filter(({ severity }) => severity === 'danger');
  const unseen = unexamined ? [] : findings.filter((finding) => finding.unseen);
  const parts = [
    dangers.length > 0
      ? `The doctor found ${words(dangers.length, 'way')} by which a tenant's rows could get out, so Tenantry does not serve.\n${lines(dangers).join('\n')}`
      : undefined,
    unseen.length > 0
      ? `The doctor could not look at everything, so Tenantry does not serve.\n${lines(unseen).join('\n')}\n${allowance}`
      : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join('\n') : undefined;
}

/** What the doctor says of itself rather than of the product. */
const ofItself = (finding: Pick<DoctorFinding, 'problem' | 'unseen'>): DoctorCheck => ({
  check: 'The doctor can look, and keep what it found',
  area: 'configuration',
  source: 'process',
  looked: 'cli/doctor',
  findings: [
    {
      where: 'doctor',
      remedy: 'Run npm run doctor, and put right what it says.',
      severity: 'warning',
      ...finding,
    },
  ],
});

/** Milliseconds: ten times what a look takes on a slow machine, or one where all starts at once. */
const patience = 240_000;

/** @throws EnvironmentError */
const isUnexamined = (): boolean =>
  loadEnv({ ALLOW_UNEXAMINED: process.env.ALLOW_UNEXAMINED }).ALLOW_UNEXAMINED;

/**
 * Have everything looked at and say in a line what was found, or in a few. In production what could
 * not be looked at keeps it from serving too, unless ALLOW_UNEXAMINED says otherwise.
 * @throws StartFailure in production, when a tenant's rows could get out or nobody knows
 */
export async function consultDoctor(consultation: Consultation): Promise<void> {
  const since = performance.now();
  let checks: readonly DoctorCheck[];
  try {
    checks = await look(consultation);
  } catch (error) {
    if (consultation.signal.aborted) return;
    const problem = `It ended without an answer: ${(error as Error).message}`;
    checks = [ofItself({ problem, unseen: true })];
  }
  const [first = '', ...rest] = verdict(checks);
  say(`${first.padEnd(42)} ${elapsed(since)}`);
  for (const line of rest) say(line);
  const why = consultation.production ? refusal(checks, isUnexamined()) : undefined;
  if (why) throw new StartFailure(why);
}
