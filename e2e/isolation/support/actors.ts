import { Client, type ClientBase, DatabaseError, escapeIdentifier, escapeLiteral } from 'pg';

/** What came back from a statement, error or not. */
export interface Answer {
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  /** Rows returned or changed. */
  readonly count: number;
  /** SQLSTATE when it was refused. */
  readonly code: string | undefined;
  /** Everything that the caller got to see: rows, notices, and each field of an error. */
  readonly said: string;
}

export type Run = (text: string, values?: readonly unknown[]) => Promise<Answer>;

/** Somebody who asks the database as one of the serving roles. */
export interface Actor {
  readonly role: string;
  /** Work in one transaction under this token, which is rolled back at its end. */
  work<T>(token: string | undefined, work: (run: Run) => Promise<T>): Promise<T>;
  /** One statement in a transaction of its own, rolled back. */
  ask(token: string | undefined, text: string, values?: readonly unknown[]): Promise<Answer>;
  close(): Promise<void>;
}

/** Values stay the text that the server sent: it is searched for marks. */
const asText = { getTypeParser: () => (value: unknown) => value };

/** Runs statements on a connection and never throws for what the server says. */
export class Listener {
  readonly client: ClientBase;
  #heard: string[] = [];

  constructor(client: ClientBase) {
    this.client = client;
    client.on('notice', (notice) => this.#heard.push(fieldsOf(notice)));
    if (client instanceof Client) {
      client.on('notification', (told) => this.#heard.push(JSON.stringify(told)));
      // COPY's rows come beside the answer.
      client.connection.on('copyData', ({ chunk }: { readonly chunk: Buffer }) =>
        this.#heard.push(chunk.toString('utf8')),
      );
    }
  }

  /** What has been heard since: notices and notifications. */
  heard(): string {
    return this.#heard.splice(0).join('\n');
  }

  readonly run: Run = async (text, values) => {
    try {
      const answer = await this.client.query({
        text,
        ...(values && { values: [...values] }),
        types: asText,
      });
      const last = Array.isArray(answer) ? answer.at(-1) : answer;
      const all = Array.isArray(answer) ? answer.map(({ rows }) => rows) : answer.rows;
      const said = `${JSON.stringify(all)}\n${this.heard()}`;
      return { rows: last.rows, count: last.rowCount ?? 0, code: undefined, said };
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const said = `${fieldsOf(error)}\n${this.heard()}`;
      return { rows: [], count: 0, code: error.code ?? 'XX000', said };
    }
  };
}

/** All that an error or a notice says, position and source line included. */
function fieldsOf(message: object): string {
  const fields = Object.getOwnPropertyNames(message).filter((name) => name !== 'stack');
  return JSON.stringify(fields.map((name) => Reflect.get(message, name)));
}

const scope = (token: string | undefined): string =>
  token === undefined ? '' : `; select public.use_tenant(${escapeLiteral(token)})`;

const asking =
  (actor: Pick<Actor, 'work'>): Actor['ask'] =>
  (token, text, values) =>
    actor.work(token, (run) => run(text, values));

/** Somebody who logs in as the role. */
export async function loginActor(role: string, url: string): Promise<Actor & Listener> {
  const client = new Client({ connectionString: url, application_name: 'tenantry-isolation' });
  client.on('error', () => {});
  await client.connect();
  const listener = new Listener(client);
  const work: Actor['work'] = async (token, fn) => {
    await client.query(`begin${scope(token)}`);
    try {
      return await fn(listener.run);
    } finally {
      await client.query('rollback');
      listener.heard();
    }
  };
  const close = () => client.end();
  return Object.assign(listener, { role, work, ask: asking({ work }), close });
}

/**
 * Somebody who acts as the role by SET ROLE, inside a transaction that the caller has begun: sees
 * what that transaction wrote, and leaves nothing behind.
 */
export function borrowedActor(role: string, listener: Listener): Actor {
  const work: Actor['work'] = async (token, fn) => {
    await listener.client.query(
      `savepoint borrowed; set local role ${escapeIdentifier(role)}${scope(token)}`,
    );
    try {
      return await fn(listener.run);
    } finally {
      await listener.client.query('rollback to savepoint borrowed; release savepoint borrowed');
      listener.heard();
    }
  };
  return { role, work, ask: asking({ work }), close: async () => {} };
}
