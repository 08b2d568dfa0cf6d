import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFailure } from './failure';

/** Raised when the demo gets further people: where it has been before, they are added. */
const demoVersion = 2;

/** Which database the demo was put into; the data directory may be pointed at another one. */
const markOf = (databaseUrl: string | undefined): string =>
  createHash('sha256')
    .update(`${databaseUrl ?? 'embedded'} ${demoVersion}`)
    .digest('hex');

const fileOf = (dataDir: string) => join(dataDir, 'demo-seeded');

/** Whether the demo's people have been put into this database, as far as this installation knows. */
export function isSeeded(dataDir: string, databaseUrl: string | undefined): boolean {
  const file = fileOf(dataDir);
  return existsSync(file) && readFileSync(file, 'utf8').trim() === markOf(databaseUrl);
}

interface SeedOptions {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  /** Of the processes that serve. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Put the demo's people into an empty database.
 * @throws StartFailure with what went wrong
 */
export async function seedDemo(root: string, options: SeedOptions): Promise<void> {
  const { dataDir, databaseUrl, env, signal } = options;
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'cli/start/seed.ts')], {
    cwd: root,
    env: { ...env, LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new StartFailure(`The people of the demo could not be made. ${said.trim()}`);
  }
  writeFileSync(fileOf(dataDir), `${markOf(databaseUrl)}\n`);
}
