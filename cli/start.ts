import { accessSync, constants, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Application } from './start/application';
import { demoLines, demoPassword } from './start/demo';
import { explain, StartFailure } from './start/failure';
import { watchParent } from './start/parent';
import { requirePort } from './start/ports';
import { complain, elapsed, say } from './start/progress';
import { findRunning, forgetRunning, noteRunning } from './start/running';
import { loadSecrets } from './start/secrets';
import { readSettings, type Settings } from './start/settings';

/** `npm start`: runs the whole product until it is told to stop. */

const root = fileURLToPath(new URL('..', import.meta.url));
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function requireDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new StartFailure(
      `The data directory ${dataDir} cannot be written. Give this user write access to it, or set DATA_DIR to another place.`,
      { cause },
    );
  }
}

function requireAlone(dataDir: string): void {
  const running = findRunning(dataDir);
  if (!running) return;
  throw new StartFailure(
    `Tenantry already runs from ${dataDir}, at ${running.url} (process ${running.pid}). Use that one, stop it with: kill ${running.pid} or set DATA_DIR and PORT to run another beside it.`,
  );
}

function welcome(settings: Settings, faultPage: string | undefined): void {
  say();
  say(`  Tenantry is ready: ${settings.appUrl}   (after ${elapsed()})`);
  if (!settings.production) {
    say();
    say(`  Sign in as one of the people of the demo; the password is ${demoPassword}`);
    for (const line of demoLines(settings.appUrl)) say(line);
  }
  if (faultPage) {
    say();
    say(`  Break a provider and watch what becomes of its connections: ${faultPage}`);
  }
  say();
  say(`  Everything is kept in ${settings.dataDir}. Stop with Ctrl-C.`);
  say();
}

async function main(): Promise<void> {
  const settings = readSettings(process.env, process.argv.slice(2));
  say(`\n  Tenantry ${settings.production ? '' : '(demo) '}is starting`);
  requireDataDir(settings.dataDir);
  requireAlone(settings.dataDir);
  await requirePort(settings.port);
  const secrets = loadSecrets(settings.dataDir);

  let stopping = false;
  const stop = async (code: number, why: string) => {
    if (stopping) {
      application.kill();
      return;
    }
    stopping = true;
    say(`\n  ${why}`);
    await application.stop();
    forgetRunning(settings.dataDir);
    if (code === 0) say('  Stopped.');
    process.exit(code);
  };
  const application = new Application(root, settings, secrets, () => {
    void stop(1, 'Stopping, since a part cannot be kept up.');
  });
  for (const signal of signals) process.on(signal, () => void stop(0, 'Stopping…'));
  watchParent(() => void stop(0, 'Stopping, since the command that started this is gone.'));

  try {
    noteRunning(settings.dataDir, settings.appUrl);
    await application.start();
    if (!stopping) welcome(settings, application.faultPage);
  } catch (error) {
    if (stopping) return;
    complain(explain(error));
    await stop(1, 'Stopping what was already started.');
  }
}

// A closed terminal or pipe is no reason to fall over: what matters is to stop the parts in order.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

main().catch((error: unknown) => {
  complain(explain(error));
  process.exit(1);
});
