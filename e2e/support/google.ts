import type { FaultInput, LoggedRequest } from '@/emulators';
import { connectAs } from '@/emulators/testing';
import { processes, type TestServer } from './server';

/** A message as the stand-in has it: the truth about effects. */
export interface ProviderMessage {
  readonly id: string;
  readonly labelIds: readonly string[];
  readonly subject: string;
  readonly from: string;
  readonly messageId: string;
}

/** Requests that change nothing: reading, and getting a token to read with. */
const harmless = ({ method, path }: LoggedRequest) =>
  method === 'GET' || path === '/token' || path.startsWith('/o/oauth2/');

/** The stand-in for Google behind a running product: what it was asked, what it has, how it fails. */
export class Google {
  /** Its address; started again, it keeps it. */
  readonly url: string;

  constructor(server: TestServer) {
    const pid = server.pid('emulators');
    const command = processes().find((each) => each.pid === pid)?.command ?? '';
    const port = /--google-port (\d+)/.exec(command)?.[1];
    if (!port) throw new Error('The stand-in for Google does not run.');
    this.url = `http://localhost:${port}`;
  }

  async #control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, this.url), {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  async fault(...faults: readonly FaultInput[]): Promise<void> {
    await this.#control('POST', '/__faults', faults);
  }

  async clearFaults(): Promise<void> {
    await this.#control('DELETE', '/__faults');
  }

  /** How often each fault that is set has struck, in the order in which they were set. */
  async fired(): Promise<readonly number[]> {
    const faults = (await this.#control('GET', '/__faults')) as readonly { fired: number }[];
    return faults.map(({ fired }) => fired);
  }

  /** What an account's clients asked, oldest first. */
  async requests(account: string, path = ''): Promise<readonly LoggedRequest[]> {
    const query = new URLSearchParams({ account, ...(path && { path }) });
    return (await this.#control('GET', `/__requests?${query}`)) as readonly LoggedRequest[];
  }

  /** Those that may have changed something. */
  async changes(account: string): Promise<readonly LoggedRequest[]> {
    return (await this.requests(account)).filter((request) => !harmless(request));
  }

  async forgetRequests(): Promise<void> {
    await this.#control('DELETE', '/__requests');
  }

  /** An account's messages that Gmail's search language finds, newest first. */
  async mail(account: string, q = ''): Promise<readonly ProviderMessage[]> {
    const query = new URLSearchParams({ account, q });
    return (await this.#control('GET', `/__mail?${query}`)) as readonly ProviderMessage[];
  }

  /** Take back what an account has allowed, as its owner can on Google's page. */
  async revoke(account: string): Promise<void> {
    await this.#control('POST', '/__accounts', { account, action: 'revoke' });
  }

  /** Let an account's access tokens run out; refreshing goes on. */
  async expire(account: string): Promise<void> {
    await this.#control('POST', '/__accounts', { account, action: 'expire' });
  }

  /** Ask the API as the account's owner would, past the product. */
  async as(account: string, method: string, path: string, body?: unknown): Promise<unknown> {
    const { tokens } = await connectAs({ url: this.url }, account);
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        authorization: `Bearer ${tokens.accessToken}`,
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}
