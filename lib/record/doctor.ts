import { record as store } from '@/db';
import { type DoctorCheck, type Finding, placed, unseenCheck } from '@/lib/doctor';
import { env } from '@/lib/env';
import { logger } from '@/lib/observability';
import type { RecordFinding } from './contract';
import { sampleRecord } from './verify-database';

/** Milliseconds that the doctor gives to the record: it looks at part of it, another each time. */
const limitMs = 800;
/** Seconds after which an event should have its leaf, and a tree its checkpoint outside. */
const late = { leaf: 60, checkpoint: 600 } as const;

const warning = (where: string, problem: string, remedy: string): Finding => ({
  where,
  problem,
  remedy,
  severity: 'warning',
});

/** Where checkpoints go is as safe as the database itself. */
function placeOutside(): Finding[] {
  if (env.TENANTRY_MODE !== 'production') return [];
  const elsewhere = env.OBJECTS_URL?.startsWith('s3://') || env.AUDIT_CHECKPOINT_WEBHOOK;
  if (elsewhere) return [];
  return [
    warning(
      'OBJECTS_URL',
      'Checkpoints of the audit record lie on this machine only: who rules it could exchange record and checkpoints together.',
      'Set OBJECTS_URL to a bucket with object lock, or AUDIT_CHECKPOINT_WEBHOOK to a receiver that keeps them.',
    ),
  ];
}

const changed =
  'Somebody changed the record in the database. Keep it as it is, and run npm run tenantry -- audit verify --database.';
const missing =
  'Set OBJECTS_URL to where checkpoints were put before, or bring them back there from a copy. If that is where it points, somebody deleted there, or noted in the database what never got there.';

/**
 * What the operator is told of something that does not hold. What is missing outside keeps nobody from
 * starting: it is so as well where a bucket has just taken the place of a directory.
 */
export function findingOf({ kind, tenantId, where, problem }: RecordFinding): Finding {
  const at = `${tenantId} ${where}`;
  if (kind === 'checkpoint_missing') return warning(at, problem, missing);
  return { where: at, problem, remedy: changed };
}

async function lagging(): Promise<Finding[]> {
  const { unsealed, waiting, unsigned, failing } = await store.recordLag(late);
  const findings: Finding[] = [];
  if (unsealed > 0) {
    findings.push(
      warning(
        'audit_events',
        `${unsealed === 100 ? '100 or more' : unsealed} audit events have no seal after more than a minute: nothing seals the record.`,
        'Start the server; if it runs, its log says why events could not be sealed.',
      ),
    );
  }
  if (waiting > 0) {
    findings.push(
      warning(
        'record_waiting',
        `${waiting} audit events have waited for their seal for more than a minute.`,
        'The log says why; a key that does not open is the usual reason (npm run tenantry -- keys status).',
      ),
    );
  }
  if (unsigned + failing > 0) {
    findings.push(
      warning(
        'record_trees',
        `The records of ${unsigned + failing} organisations have no fresh checkpoint outside the database.`,
        'The organisation’s page in the console says why.',
      ),
    );
  }
  return findings;
}

/** Tenants that are named one by one. */
const mostNamed = 20;

/** Whose record was not looked at. That they are being erased is the database's word: it is told. */
export function leftOut(erasing: readonly string[]): string {
  if (erasing.length === 0) return '';
  const more = erasing.length > mostNamed ? ` and ${erasing.length - mostNamed} more` : '';
  const named = erasing.slice(0, mostNamed).join(', ');
  const who = erasing.length === 1 ? 'One that is' : `${erasing.length} that are`;
  return `${who} being erased just now, by the list of deletions, left out: ${named}${more}`;
}

/**
 * Whether the audit record is what was sealed and signed: of some organisations the newest events and
 * some from anywhere, within a second. All of it is `npm run tenantry -- audit verify --database`.
 */
export async function checkRecord(): Promise<DoctorCheck> {
  const check = 'The audit record is what was sealed and signed';
  try {
    const sample = await sampleRecord(limitMs);
    const broken = sample.findings.map(findingOf);
    const findings = [...broken, ...(await lagging()), ...placeOutside()];
    const part = `${sample.events} events of ${sample.tenants} of ${sample.ofTenants} organisations, drawn by lot; audit verify --database looks at all`;
    const looked = [part, leftOut(sample.erasing)].filter(Boolean).join('. ');
    return placed('tables', 'database', { check, looked, findings });
  } catch (error) {
    logger.warn({ err: error }, 'The record could not be looked at');
    return unseenCheck('tables', 'the audit record', error);
  }
}
