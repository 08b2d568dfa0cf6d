import { createHmac, randomUUID } from 'node:crypto';
import type { Client, Delivery, Installation, Store } from './state';

/** Milliseconds within which an event must be acknowledged: https://docs.slack.dev/apis/events-api */
const patience = 3_000;
/** Milliseconds before each attempt. Slack waits a minute and five minutes; nobody watches as long. */
const pauses = [0, 1_000, 5_000] as const;
const keptDeliveries = 200;

/** Tells an app what happened in a workspace, signed as Slack signs. */
export class SlackEvents {
  readonly #store: Store;
  readonly #stopped = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(store: Store) {
    this.#store = store;
  }

  tokensRevoked(teamId: string): void {
    this.#tell(teamId, (bot) => ({ type: 'tokens_revoked', tokens: { oauth: [], bot: [bot] } }));
  }

  appUninstalled(teamId: string): void {
    this.#tell(teamId, () => ({ type: 'app_uninstalled' }));
  }

  /** Nothing is sent any more. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#underWay);
  }

  #tell(teamId: string, event: (botUserId: string) => { readonly type: string }): void {
    const installation = this.#store.get('installations', '', teamId);
    const client = installation && this.#store.get('clients', '', installation.clientId);
    if (!installation || !client) return;
    const sending = this.#send(installation, client, event(installation.botUserId)).finally(() =>
      this.#underWay.delete(sending),
    );
    this.#underWay.add(sending);
  }

  async #send(
    { teamId, eventsUrl }: Installation,
    client: Client,
    event: { readonly type: string },
  ): Promise<void> {
    const eventId = `Ev0${randomUUID().replaceAll('-', '').toUpperCase().slice(0, 12)}`;
    const body = JSON.stringify({
      token: 'unused-since-requests-are-signed',
      team_id: teamId,
      api_app_id: client.appId,
      event,
      type: 'event_callback',
      event_id: eventId,
      event_time: Math.floor(Date.now() / 1_000),
    });
    for (const [attempt, pause] of pauses.entries()) {
      if (!(await this.#wait(pause))) return;
      const status = await this.#post(eventsUrl, body, client, attempt);
      if (this.#stopped.signal.aborted) return;
      this.#record({ at: Date.now(), teamId, eventId, type: event.type, attempt, status });
      if (status !== null && status >= 200 && status < 300) return;
    }
  }

  async #post(url: string, body: string, client: Client, attempt: number): Promise<number | null> {
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const digest = createHmac('sha256', client.signingSecret)
      .update(`v0:${timestamp}:${body}`)
      .digest('hex');
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${digest}`,
          ...(attempt > 0 ? { 'x-slack-retry-num': String(attempt) } : {}),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(patience), this.#stopped.signal]),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return null;
    }
  }

  /** @returns false when it was stopped meanwhile */
  #wait(milliseconds: number): Promise<boolean> {
    const { signal } = this.#stopped;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(false);
      const timer = setTimeout(() => resolve(true), milliseconds);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
  }

  #record(delivery: Delivery): void {
    const { eventId, attempt } = delivery;
    this.#store.put('deliveries', '', `${eventId}/${attempt}`, delivery);
    const old = this.#store.entries('deliveries', '').slice(0, -keptDeliveries);
    for (const [key] of old) this.#store.delete('deliveries', '', key);
    this.#store.commit();
  }
}
