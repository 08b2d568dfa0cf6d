import { join } from 'node:path';
import { services } from '@/emulators/services';
import type { Database } from './database';
import { Part } from './part';
import { freePort } from './ports';
import type { Secrets } from './secrets';
import type { Settings } from './settings';

/** Milliseconds each part gets to stop by itself. */
const webStopLimit = 10_000;
const emulatorStopLimit = 3_000;

/** What the owner of the database may do, no part that serves may: its login stays here. */
function withoutOwner(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL: _owner, ...rest } = source;
  return rest;
}

export interface Emulators {
  readonly part: Part;
  /** How the product finds them instead of the real providers. */
  readonly env: Readonly<Record<string, string>>;
  readonly urls: readonly string[];
}

/** The stand-ins for the providers, on ports of their own that a restart keeps. */
export async function emulatorPart(
  root: string,
  settings: Settings,
  onGivenUp: () => void,
): Promise<Emulators> {
  const ports: string[] = [];
  const urls: string[] = [];
  const env: Record<string, string> = {};
  // Nobody listens at any of them yet, nor at the product's own.
  const spokenFor = new Set([settings.port]);
  for (const { name, clientEnv } of services) {
    const port = await freePort(spokenFor);
    spokenFor.add(port);
    ports.push(`--${name}-port`, String(port));
    const prefix = settings.emulators.find((standIn) => standIn.toLowerCase() === name);
    if (!prefix) continue;
    const url = `http://localhost:${port}`;
    urls.push(url);
    Object.assign(env, clientEnv, { [`${prefix}_EMULATOR_URL`]: url });
  }
  const part = new Part({
    name: 'stand-ins for the providers',
    args: [
      ...['--import', 'tsx', join(root, 'emulators/main.ts')],
      ...[...ports, '--data-dir', settings.dataDir, '--exit-on-stdin-end'],
    ],
    cwd: root,
    env: withoutOwner(process.env),
    readyLine: /\bready\b/,
    stopLimit: emulatorStopLimit,
    onGivenUp,
  });
  return { part, env, urls };
}

/** The environment of everything that serves: where the database is, who we are, what we call. */
export function servingEnvironment(
  settings: Settings,
  secrets: Secrets,
  database: Database,
  emulators: Emulators | undefined,
): NodeJS.ProcessEnv {
  const readable = process.stdout.isTTY === true;
  return {
    // People at a terminal want to see what goes wrong, and the address that was printed above it.
    LOG_LEVEL: readable && !settings.production ? 'warn' : 'info',
    LOG_FORMAT: readable ? 'pretty' : 'json',
    ...withoutOwner(process.env),
    ...emulators?.env,
    NODE_ENV: settings.dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    TENANTRY_MODE: settings.production ? 'production' : 'demo',
    PORT: String(settings.port),
    APP_URL: settings.appUrl,
    AUTH_URL: settings.appUrl,
    AUTH_SECRET: process.env.AUTH_SECRET || secrets.authSecret,
    DATA_DIR: settings.dataDir,
    DATABASE_APP_URL: database.urls.app,
    DATABASE_IDENTITY_URL: database.urls.identity,
    DATABASE_PLATFORM_URL: database.urls.platform,
    DATABASE_ENGINE_URL: database.urls.engine,
    TENANT_CONTEXT_KEY: database.urls.contextKey,
  };
}

/** The web server, with the background engine inside it. */
export function webPart(
  root: string,
  settings: Settings,
  env: NodeJS.ProcessEnv,
  onGivenUp: () => void,
): Part {
  return new Part({
    name: 'web server',
    args: [join(root, 'cli/web.mjs'), ...(settings.dev ? ['--dev'] : [])],
    cwd: root,
    env,
    stopLimit: webStopLimit + Number(process.env.DRAIN_SECONDS ?? 0) * 1_000,
    onGivenUp,
  });
}
