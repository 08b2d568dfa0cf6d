import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { newDataDir, root, startServer } from '@/e2e/support/server';
import type { Bench } from './bench';
import { median } from './measure';

/** Looks, of which the median counts. */
const LOOKS = 5;

/**
 * Seconds of one look, as a production start waits for it: a process of its own, from its beginning
 * to its end, code and database and the report that it keeps.
 */
async function secondsOfLook(dataDir: string, port: number): Promise<number> {
  const from = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'cli/doctor/at-start.ts')], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'production',
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, complained] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complained += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // A doctor that could not look would be quick.
  const unseen = said.includes('"unseen":true');
  if (code !== 0 || unseen) throw new Error(`The doctor could not look: ${complained || said}`);
  return (performance.now() - from) / 1_000;
}

/** How long the doctor looks at the demo's database and at the code, with the product running. */
const bench: Bench = {
  name: 'doctor',
  async run(report, { quick }) {
    const dataDir = newDataDir();
    const server = await startServer({ dataDir });
    try {
      const looks: number[] = [];
      for (let at = 0; at < (quick ? 1 : LOOKS); at += 1) {
        looks.push(await secondsOfLook(dataDir, server.port));
      }
      const name = 'a look at code and database, as a start waits for it';
      report({ name, value: median(looks), unit: 's', goal: { atMost: 2 } });
    } finally {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

export default bench;
