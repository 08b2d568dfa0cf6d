import type { DeletionId } from '@/db';
import { advanceDeletion } from '../advance';
import type { DeletionStage } from '../contract';

/**
 * A process that works on a deletion and kills itself, told by its arguments: the deletion, the stage
 * to die in (none: it lives), and after how many milliseconds in it. Prints where the deletion stands
 * when it lives.
 */
const [id, stage, after] = process.argv.slice(2) as [DeletionId, DeletionStage | 'none', string];

const die = () => process.kill(process.pid, 'SIGKILL');
let armed = false;

const reached = await advanceDeletion(id, {
  settle: 0,
  // One row a batch, so that there are many of them to die between.
  turn: { batch: 1, turnMs: 60_000, rest: 0 },
  before(now) {
    if (now !== stage || armed) return;
    armed = true;
    if (after === '0') die();
    setTimeout(die, Number(after));
  },
});
process.stdout.write(`${reached}\n`);
process.exit(0);
