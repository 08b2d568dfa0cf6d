import type { TestDatabase } from '@/db/testing';
import { Frames, typeOf } from '@/db/testing/frames';
import type { KnownRow } from '@/db/testing/rows';
import { poolOf } from '../../connections';
import { tenantEntry } from '../../tenant-scope';
import type { Outcome, Prelude } from '../exchange';
import { Lane } from '../lane';
import { exchange, exchangeOnPool, type Held, takeConnection, type Work } from '../pool';

/** What tests send on a lane. */
export const texts = {
  row: 'select pg_backend_pid(), account_email from connections where tenant_id = $1 and id = $2',
  failing: 'select pg_backend_pid(), 1 / $2::int from connections where tenant_id = $1',
  blocked: 'select pg_backend_pid(), id from discoveries where tenant_id = $1 and id = $2',
  setting: "select set_config('client_encoding', $2, false), $1::text",
} as const;

export type What = keyof typeof texts;

/** What the second parameter is where it is not a row. */
const harmless: Readonly<Record<string, string>> = { failing: '1', setting: 'UTF8' };

/** To be read for the row's tenant, in the scope of this tenant or in another one. */
export function work(what: What, row: KnownRow, scope?: readonly Prelude[]): Work {
  const statement = { name: `lane_test_${what}`, text: texts[what], rowMode: 'array' } as const;
  const preludes = scope ?? tenantEntry(row).scope;
  return { preludes, statement, values: [row.tenantId, harmless[what] ?? row.id] };
}

/** A lane, and how those fare who were to be asked elsewhere. */
export interface Ride {
  readonly held: Held;
  readonly lane: Lane;
  readonly pid: number;
  rescued: number;
  /** Resolves when the connection was given back. */
  readonly left: Promise<void>;
  /** How often it was. */
  leaves: number;
  /** Have someone board. @throws Error when the lane does not take him */
  go(work: Work): Promise<Outcome>;
}

/** A lane on a connection that knows these statements. */
export async function ride(row: KnownRow, known: readonly What[] = ['row']): Promise<Ride> {
  const pool = poolOf('app');
  const held = await takeConnection(pool);
  for (const what of known) await exchange(held.client, work(what, row));
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const own: Ride = {
    held,
    left,
    leaves: 0,
    rescued: 0,
    pid: (held.client as unknown as { processID: number }).processID,
    lane: new Lane(
      held,
      (rider) => {
        own.rescued += 1;
        void exchangeOnPool(pool, rider.work).then(rider.ended);
      },
      () => {
        own.leaves += 1;
        leave();
      },
    ),
    go(asked) {
      if (!own.lane.takes(asked)) throw new Error('The lane does not take this.');
      return new Promise((ended) => own.lane.board({ work: asked, ended }));
    },
  };
  return own;
}

/** Keeps answers from being read that have come on a connection. */
export function keepUnread({ client }: Held) {
  const { stream } = client.connection;
  const emit = stream.emit.bind(stream);
  const frames = new Frames(false);
  const answers: Buffer[][] = [[]];
  let come = () => {};
  stream.emit = (event: string, ...rest: unknown[]) => {
    if (event !== 'data') return emit(event, ...rest);
    for (const frame of frames.take(Buffer.from(rest[0] as Buffer))) {
      answers.at(-1)?.push(frame);
      if (typeOf(frame) === 'Z') answers.push([]);
    }
    come();
    return true;
  };
  return {
    /** Until so many answers have come. */
    hasCome: (count: number) =>
      new Promise<void>((resolve) => {
        come = () => answers.length > count && resolve();
        come();
      }),
    /** Read the first one of them. */
    readOne: () => void emit('data', Buffer.concat(answers.shift() ?? [])),
    /** Read all that are left, and whatever comes from now on. */
    readOn(): void {
      stream.emit = emit;
      emit('data', Buffer.concat(answers.flat()));
    },
  };
}

/** What came of it. */
export const rowsOf = (outcome: Outcome) => (outcome.error ? outcome.error : outcome.result.rows);

/** Until a backend waits for a lock. */
export async function untilBlocked({ owner }: TestDatabase, pid: number): Promise<void> {
  for (;;) {
    const { rows: waiting } = await owner.query(
      "select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'",
      [pid],
    );
    if (waiting.length > 0) return;
  }
}

/** Until a backend is there no more. */
export async function isGone({ owner }: TestDatabase, pid: number): Promise<void> {
  for (;;) {
    const { rowCount } = await owner.query('select from pg_stat_activity where pid = $1', [pid]);
    if (rowCount === 0) return;
  }
}

/** While nobody can read `discoveries`. */
export async function whileLocked(
  { owner }: TestDatabase,
  during: () => Promise<void>,
): Promise<void> {
  await owner.query('begin');
  await owner.query('lock table discoveries in access exclusive mode');
  try {
    await during();
  } finally {
    await owner.query('rollback');
  }
}
