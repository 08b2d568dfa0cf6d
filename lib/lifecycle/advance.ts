import { type DeletionId, deletions, erasure } from '@/db';
import { logger, redactText } from '@/lib/observability';
import { closeRecord } from '@/lib/record';
import { closingContext } from './context';
import type { DeletionStage } from './contract';
import { remindDays } from './grace';
import { tellOwners } from './notices';
import { noteRecord } from './record-state';
import { certify } from './stages/certify';
import { erase, type Turn, usualTurn } from './stages/erase';
import { hold } from './stages/hold';
import { revoke } from './stages/revoke';
import { scan, settleSeconds } from './stages/scan';
import { shred } from './stages/shred';
import { StageWaits } from './stages/waits';

type Deletion = deletions.DeletionRow;

export interface AdvanceOptions {
  readonly turn?: Turn;
  /** Seconds from the closing to the scan. */
  readonly settle?: number;
  /** Called before each step, with its stage. */
  readonly before?: (stage: DeletionStage) => void;
}

/** Seconds until a stage that failed is tried again; doubles, up to a quarter of an hour. */
const againSeconds = 15;
const longestAgain = 900;

const to = (next: DeletionStage) => (deletion: Deletion) =>
  deletions.moveDeletion(deletion.id, deletion.stage, next);

/** In its grace: tell, remind, and close the tenant when it is over. */
async function inGrace(deletion: Deletion): Promise<boolean> {
  const { id, graceUntil, askedAt, toldAt, remindedAt } = deletion;
  const context = closingContext(deletion);
  const note = (values: deletions.DeletionNote) =>
    deletions.noteDeletion(id, 'grace', { ...values, attempts: 0, error: null, retryIn: null });
  if (deletion.endedAt) {
    await tellOwners(context, 'ended', deletion);
    return note({ told_end_at: new Date() });
  }
  if (!toldAt) {
    await tellOwners(context, 'told', deletion);
    return note({ told_at: new Date() });
  }
  if (graceUntil.getTime() <= Date.now()) return erasure.closeTenant(id);
  const near = graceUntil.getTime() - remindDays * 86_400_000;
  if (remindedAt || Date.now() < near) return false;
  // A grace that is hardly longer than that needs no second mail.
  if (askedAt.getTime() < near - 86_400_000) await tellOwners(context, 'reminded', deletion);
  return note({ reminded_at: new Date() });
}

/** Seconds for the last events to be signed for: another process may be at it, or a key not open. */
const signingPatience = 120;

/**
 * What is on record is signed a last time while it can still be sealed, and how it stands is noted
 * before anything of it goes: once, whatever happens to the process behind that.
 */
async function closeItsRecord(deletion: Deletion): Promise<void> {
  if (deletion.recordState !== null) return;
  const record = await closeRecord(deletion.tenantId);
  const waited = (Date.now() - deletion.stageAt.getTime()) / 1_000;
  if (record.state === 'unsigned_tail' && waited < signingPatience) {
    throw new StageWaits(5, 'The last events of its record are not signed for yet.');
  }
  if (record.state !== 'signed' && record.state !== 'empty') {
    const { state, because, sealed, signed } = record;
    logger.error(
      { tenant_id: deletion.tenantId, deletion_id: deletion.id, state, because, sealed, signed },
      'A record is erased that is not signed for to its end; the certificate says so',
    );
  }
  await deletions.noteDeletion(deletion.id, 'shredding', {
    checkpoint: record.note,
    record_state: await noteRecord(deletion, record),
  });
}

async function look(deletion: Deletion, { settle, turn }: AdvanceOptions): Promise<boolean> {
  const scanned = () => scan(deletion, settle ?? settleSeconds);
  let left = await scanned();
  if (Object.keys(left).length > 0) {
    // What came in while it waited, as when staff looked at this very deletion, is no fault yet.
    await erase(deletion, turn);
    left = await scanned();
  }
  if (Object.keys(left).length === 0) return to('certifying')(deletion);
  const error = `Left: ${Object.entries(left)
    .map(([place, rows]) => `${rows} in ${place}`)
    .join(', ')}.`;
  logger.warn({ deletion_id: deletion.id, left }, 'A deletion is not through: erasing once more');
  await to('erasing')(deletion);
  await deletions.noteDeletion(deletion.id, 'erasing', { error, retryIn: againSeconds });
  return false;
}

/** One step of a deletion. @returns whether there may be another one at once */
async function step(deletion: Deletion, options: AdvanceOptions): Promise<boolean> {
  options.before?.(deletion.stage);
  switch (deletion.stage) {
    case 'grace':
      return inGrace(deletion);
    case 'holding':
      await hold(deletion);
      return to('revoking')(deletion);
    case 'revoking':
      await revoke(deletion);
      return to('shredding')(deletion);
    case 'shredding':
      await closeItsRecord(deletion);
      await shred(deletion);
      return to('erasing')(deletion);
    case 'erasing':
      await erase(deletion, options.turn);
      return to('scanning')(deletion);
    case 'scanning':
      return look(deletion, options);
    case 'certifying':
      await certify(deletion);
      return false;
    case 'done':
      return false;
  }
}

/** Ended before anybody was written to. An attempt that is counted then would say that somebody was. */
const untold = ({ endedAt, toldAt, attempts }: Deletion) =>
  endedAt !== null && toldAt === null && attempts === 0;

/** Put it off and say why. @returns whether it goes on at once */
async function putOff(deletion: Deletion, thrown: unknown): Promise<boolean> {
  const { id, stage, attempts } = deletion;
  if (thrown instanceof StageWaits) {
    if (thrown.seconds === 0) return true;
    const counts = stage === 'revoking' || stage === 'certifying';
    await deletions.noteDeletion(id, stage, {
      error: thrown.message,
      retryIn: thrown.seconds,
      ...(counts ? { attempts: attempts + 1 } : {}),
    });
    return false;
  }
  logger.error({ err: thrown, deletion_id: id, stage }, 'A stage of a deletion failed');
  const reason = redactText(thrown instanceof Error ? thrown.message : String(thrown));
  await deletions.noteDeletion(id, stage, {
    error: reason.slice(0, 500),
    attempts: untold(deletion) ? 0 : attempts + 1,
    retryIn: Math.min(againSeconds * 2 ** Math.min(attempts, 10), longestAgain),
  });
  return false;
}

const isDue = ({ finishedAt, endedAt, toldEndAt }: Deletion) =>
  finishedAt === null && (endedAt === null || toldEndAt === null);

/**
 * Bring a deletion as far as it gets within a turn. Everything that it knows is in the database, so
 * that it may end anywhere and be begun again by anybody; two at once do the same thing once.
 * @returns the stage that it stands at
 */
export async function advanceDeletion(
  id: DeletionId,
  options: AdvanceOptions = {},
): Promise<DeletionStage | undefined> {
  const deadline = Date.now() + (options.turn ?? usualTurn).turnMs;
  for (;;) {
    const deletion = await deletions.findDeletion(id);
    if (!deletion || !isDue(deletion)) return deletion?.stage;
    let onward: boolean;
    try {
      onward = await step(deletion, options);
    } catch (thrown) {
      onward = await putOff(deletion, thrown);
    }
    if (!onward || Date.now() >= deadline) return (await deletions.findDeletion(id))?.stage;
  }
}
