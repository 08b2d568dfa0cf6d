import { onDenialRecorded } from '@/lib/denials';
import { inngest } from '@/lib/jobs';
import { logger, perProcess } from '@/lib/observability';

/** Sent when denials have been put on record; it carries nothing. */
export const denialsRecorded = 'denials/recorded';

/** Milliseconds from a denial to the look: time for its like to come, and the least between looks. */
const delay = { first: 1_000, between: 5_000 };

interface Watching {
  timer: NodeJS.Timeout | undefined;
  lastAt: number;
  on: boolean;
}

const watching = perProcess<Watching>('alert-watch', () => ({
  timer: undefined,
  lastAt: 0,
  on: false,
}));

/**
 * Ask for a look. Its id is the second's: of several processes that ask in the same one, one is
 * heard, and that look sees what the others saw, since each asks a second after its denial.
 */
async function ask(): Promise<void> {
  watching.timer = undefined;
  watching.lastAt = Date.now();
  const id = `${denialsRecorded}:${Math.floor(watching.lastAt / 1_000)}`;
  try {
    await inngest.send({ id, name: denialsRecorded, data: {} });
  } catch (error) {
    logger.warn(
      { err: error },
      'A look for alerts could not be asked for; the next minute’s will do',
    );
  }
}

/** Ask for a look within a second: something has come up that is no denial. */
export function lookSoon(): void {
  watching.timer ??= setTimeout(() => void ask(), delay.first).unref();
}

/** From now on denials of this process are looked at within seconds. Calling it again changes nothing. */
export function watchDenials(): void {
  if (watching.on) return;
  watching.on = true;
  onDenialRecorded(() => {
    const due = Math.max(delay.first, watching.lastAt + delay.between - Date.now());
    watching.timer ??= setTimeout(() => void ask(), due).unref();
  });
}
