import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A provider's stand-in in a process of its own. */
export interface StandIn {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Start one.
 * @param script which prints its address, and ends with its standard input
 */
export async function startStandIn(script: string, ...args: readonly string[]): Promise<StandIn> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url,
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
