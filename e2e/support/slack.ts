import { createHmac } from 'node:crypto';
import { demoClient } from '@/emulators/slack/seed';
import type { TestServer } from './server';
import { StandIn } from './stand-in';

/** The stand-in for Slack behind a running product. */
export class Slack extends StandIn {
  constructor(server: TestServer) {
    super(server, 'slack');
  }

  /** Events that were sent so far, with how the product answered. */
  async deliveries(): Promise<
    readonly { readonly type: string; readonly status: number | null }[]
  > {
    return (await this.control('GET', '/__deliveries')) as never;
  }
}

/** The headers by which Slack says that a body is its own. @param at seconds since the epoch */
export function signed(body: string, at: number, secret: string = demoClient.signingSecret) {
  const digest = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  return {
    'content-type': 'application/json',
    'x-slack-request-timestamp': String(at),
    'x-slack-signature': `v0=${digest}`,
  };
}
