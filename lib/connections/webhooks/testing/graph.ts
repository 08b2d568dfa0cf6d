import { beforeEach } from 'vitest';
import type { ConnectionId } from '@/db';
import { testDatabase } from '@/db/testing';
import { receiveGraphNotice } from '../microsoft';
import { testMicrosoft, testReceiver } from '.';

interface Subscription {
  readonly subscription_id: string;
  readonly secret_hash: string;
  readonly expires_at: Date;
  readonly renew_at: Date;
}

/** Graph's stand-in, what it sends its notices to, and a database that is empty before each test. */
export function testGraph() {
  const microsoft = testMicrosoft();
  const receiver = testReceiver(receiveGraphNotice);
  const database = testDatabase();
  beforeEach(async () => {
    microsoft.clearFaults();
    for (const table of [
      'connections',
      'webhook_deliveries',
      'rate_limits',
      'tenant_access_logs',
    ]) {
      await database.owner.query(`delete from ${table}`);
    }
    receiver.answers.length = 0;
  });
  return {
    microsoft,
    receiver,
    database,
    async subscription(id: ConnectionId): Promise<Subscription | undefined> {
      const { rows } = await database.owner.query<Subscription>(
        'select * from webhook_subscriptions where connection_id = $1',
        [id],
      );
      return rows[0];
    },
    async notices() {
      const { rows } = await database.owner.query<Record<string, string>>(
        'select kind, event, outcome, tenant_id from provider_notices order by id',
      );
      return rows;
    },
    /** Send what is to look like a notice. */
    async send(body: unknown, query = '') {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await fetch(`${receiver.url}/${query}`, { method: 'POST', body: text });
      return {
        status: answer.status,
        text: await answer.text(),
        type: answer.headers.get('content-type'),
      };
    },
  };
}
