import type { ConnectionId } from '@/db';
import type { TestDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import type { ContinuedConsent, FinishedConsent } from '../consent-answer';
import { finishConsent } from '../consent-finish';
import { memberParty } from '../consent-party';
import { type StartedConsent, startConsent } from '../consent-start';
import { answerConsentPage } from './index';

type Answer = Parameters<typeof answerConsentPage>[1];

/** The browser that began a flow, coming back. */
const browserOf =
  ({ cookie }: StartedConsent) =>
  (name: string) =>
    name === cookie.name ? cookie.value : undefined;

/** A consent that does not lead on to another page. */
export function ended(done: FinishedConsent | ContinuedConsent): FinishedConsent {
  if ('next' in done) throw new Error(`led on to ${done.next.url}`);
  return done;
}

/** Consents as one person goes through them, and what they leave behind. */
export class Flows {
  readonly #database: TestDatabase;
  readonly context: MemberContext;

  constructor(database: TestDatabase, context: MemberContext) {
    this.#database = database;
    this.context = context;
  }

  start() {
    return startConsent(this.context, { provider: 'google', authority: 'delegated' });
  }

  reconnect(connectionId: ConnectionId | null) {
    return startConsent(this.context, { connectionId: connectionId as ConnectionId });
  }

  /** Ask for further permissions. */
  allow(connectionId: ConnectionId | null, scopes: readonly string[]) {
    return startConsent(this.context, { connectionId: connectionId as ConnectionId, scopes });
  }

  /** From the provider's page back to us. */
  comeBack(
    flow: StartedConsent,
    back: URL,
    who: MemberContext = this.context,
    cookies = browserOf(flow),
  ): Promise<FinishedConsent> {
    const { code, state, error } = Object.fromEntries(back.searchParams);
    return finishConsent(
      memberParty(who),
      { provider: 'google', code, state, error },
      cookies,
    ).then(ended);
  }

  async consent(flow: StartedConsent, answer: Answer): Promise<FinishedConsent> {
    return this.comeBack(flow, await answerConsentPage(flow.url, answer));
  }

  async connection(id: ConnectionId | null) {
    const { rows } = await this.#database.owner.query<Record<string, unknown>>(
      `select c.state, c.state_reason, c.account_email, c.provider_tenant, k.generation
       from connections c left join credentials k on k.connection_id = c.id where c.id = $1`,
      [id],
    );
    return rows[0];
  }

  /** The audit, oldest first: the action, and the state it led to. */
  async record(): Promise<string[]> {
    const { rows } = await this.#database.owner.query<{ line: string }>(
      `select action || coalesce(' ' || (details->>'to'), '') as line from audit_events order by id`,
    );
    return rows.map(({ line }) => line);
  }

  async count(table: string): Promise<number> {
    const { rows } = await this.#database.owner.query(`select count(*) from ${table}`);
    return Number(rows[0]?.count);
  }

  /** Nothing is connected and nothing on record. */
  async reset(): Promise<void> {
    await this.#database.owner.query('delete from connections');
    await this.#database.owner.query('truncate audit_events');
  }
}
