import type { LoggedRequest } from '@/emulators';
import { connectAs } from '@/emulators/testing';
import type { TestServer } from './server';
import { StandIn } from './stand-in';

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
export class Google extends StandIn {
  constructor(server: TestServer) {
    super(server, 'google');
  }

  /** What an account's clients asked, oldest first. */
  async requests(account: string, path = ''): Promise<readonly LoggedRequest[]> {
    const query = new URLSearchParams({ account, ...(path && { path }) });
    return (await this.control('GET', `/__requests?${query}`)) as readonly LoggedRequest[];
  }

  /** Those that may have changed something. */
  async changes(account: string): Promise<readonly LoggedRequest[]> {
    return (await this.requests(account)).filter((request) => !harmless(request));
  }

  async forgetRequests(): Promise<void> {
    await this.control('DELETE', '/__requests');
  }

  /** An account's messages that Gmail's search language finds, newest first. */
  async mail(account: string, q = ''): Promise<readonly ProviderMessage[]> {
    const query = new URLSearchParams({ account, q });
    return (await this.control('GET', `/__mail?${query}`)) as readonly ProviderMessage[];
  }

  /** Take back what an account has allowed, as its owner can on Google's page. */
  async revoke(account: string): Promise<void> {
    await this.act('revoke', account);
  }

  /** Let an account's access tokens run out; refreshing goes on. */
  async expire(account: string): Promise<void> {
    await this.act('expire', account);
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
