import type { FaultInput } from '@/emulators';
import { processes, type TestServer } from './server';

type Provider = 'google' | 'microsoft' | 'slack';

/** A stand-in for a provider behind a running product: how it fails, and what people do there. */
export class StandIn {
  /** Its address; started again, it keeps it. */
  readonly url: string;

  constructor(server: TestServer, provider: Provider) {
    const pid = server.pid('emulators');
    const command = processes().find((each) => each.pid === pid)?.command ?? '';
    const port = new RegExp(`--${provider}-port (\\d+)`).exec(command)?.[1];
    if (!port) throw new Error(`The stand-in for ${provider} does not run.`);
    this.url = `http://localhost:${port}`;
  }

  /** What is below `/__`. @throws Error when it is refused */
  async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, this.url), {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  async fault(...faults: readonly FaultInput[]): Promise<void> {
    await this.control('POST', '/__faults', faults);
  }

  /** One of the faults that have a name. */
  async preset(preset: string, account?: string): Promise<void> {
    await this.control('POST', '/__presets', { preset, ...(account && { account }) });
  }

  async clearFaults(): Promise<void> {
    await this.control('DELETE', '/__faults');
  }

  /** How often each fault that is set has struck, in the order in which they were set. */
  async fired(): Promise<readonly number[]> {
    const faults = (await this.control('GET', '/__faults')) as readonly { fired: number }[];
    return faults.map(({ fired }) => fired);
  }

  /** What somebody does at the provider: `revoke`, `expire`, `narrow` … */
  async act(action: string, account: string, permission?: string): Promise<void> {
    await this.control('POST', '/__accounts', {
      account,
      action,
      ...(permission && { permission }),
    });
  }
}
