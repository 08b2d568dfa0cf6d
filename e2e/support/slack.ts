import { createHmac } from 'node:crypto';
import { demoClient } from '@/emulators/slack/seed';
import { processes, type TestServer } from './server';

/** The stand-in for Slack behind a running product. */
export class Slack {
  readonly #url: string;

  constructor(server: TestServer) {
    const pid = server.pid('emulators');
    const command = processes().find((each) => each.pid === pid)?.command ?? '';
    const port = /--slack-port (\d+)/.exec(command)?.[1];
    if (!port) throw new Error('The stand-in for Slack does not run.');
    this.#url = `http://localhost:${port}`;
  }

  /** What somebody does in a workspace: `revoke` the tokens, `uninstall` the app, let them `expire`. */
  async act(action: string, account: string): Promise<void> {
    const body = JSON.stringify({ account, action });
    const answer = await fetch(`${this.#url}/__accounts`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`${action} answered ${answer.status}`);
  }

  /** Events that were sent so far, with how the product answered. */
  async deliveries(): Promise<
    readonly { readonly type: string; readonly status: number | null }[]
  > {
    return (await fetch(`${this.#url}/__deliveries`)).json();
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
