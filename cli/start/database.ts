import { setTimeout as delay } from 'node:timers/promises';
import { prepareDatabase, type ServingAccess, secretsOf } from '@/db/migrate';
import { complain, say } from './progress';
import type { Secrets } from './secrets';
import type { Settings } from './settings';

export interface Database {
  /** What to serve with. */
  readonly urls: ServingAccess;
  readonly embedded: boolean;
  stop(): Promise<void>;
}

/** The embedded server is started again at most so often before the whole is stopped. */
const mostRestarts = 5;

async function startEmbeddedDatabase(dataDir: string, onGivenUp: () => void): Promise<Database> {
  const { startLocalDatabase } = await import('@/db/local');
  // Warnings and worse are for people; the rest of the server's log tells them nothing.
  const log = (line: string) => {
    if (/\b(?:FATAL|PANIC)\b/.test(line)) process.stderr.write(`  postgres: ${line}\n`);
  };
  let local = await startLocalDatabase({ dataDir, log });
  let stopping = false;
  const { urls } = local;
  const keepUp = async () => {
    for (let restarts = 0; ; restarts += 1) {
      const stopped = await local.server.exited;
      if (stopped || stopping) return;
      if (restarts === mostRestarts) return onGivenUp();
      complain('The database stopped by itself. Starting it again.');
      try {
        await delay(100 * restarts);
        local = await startLocalDatabase({ dataDir, log });
        if (stopping) return await local.server.stop();
        say('  ✓ The database is back.');
      } catch (error) {
        complain((error as Error).message);
        return onGivenUp();
      }
    }
  };
  void keepUp();
  return {
    urls,
    embedded: true,
    async stop() {
      stopping = true;
      await local.server.stop();
    },
  };
}

async function prepareExternal(url: string, settings: Settings, secrets: Secrets) {
  const contextKey = settings.contextKey ?? secrets.contextKey;
  const given = settings.servingUrls && { ...settings.servingUrls, contextKey };
  const { owner: _owner, ...made } = await prepareDatabase({
    ownerUrl: url,
    secrets: given ? secretsOf(given) : { ...secrets.databasePasswords, contextKey },
  });
  return { urls: given ?? made, embedded: false, stop: async () => undefined };
}

/**
 * Bring up a database to serve from: the embedded one, kept up while we run, or an external one.
 * @param onGivenUp called when the embedded server cannot be kept up
 */
export function startDatabase(
  settings: Settings,
  secrets: Secrets,
  onGivenUp: () => void,
): Promise<Database> {
  return settings.databaseUrl === undefined
    ? startEmbeddedDatabase(settings.dataDir, onGivenUp)
    : prepareExternal(settings.databaseUrl, settings, secrets);
}
