import { loadEnv } from '@/lib/env';
import { productionRefusals, refusalText } from '@/lib/production';
import { StartFailure } from './failure';

/** The providers that have a stand-in, as their variables begin. */
const providers = ['GOOGLE', 'MICROSOFT', 'SLACK'] as const;
export type StandIn = (typeof providers)[number];

export interface Settings {
  readonly dev: boolean;
  readonly production: boolean;
  readonly port: number;
  /** Without a trailing slash. */
  readonly appUrl: string;
  readonly dataDir: string;
  /** The owner's login to an external PostgreSQL; undefined runs the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Providers whose stand-in the demo uses: those without a real client id. */
  readonly emulators: readonly StandIn[];
  /** All four serving logins, when the operator gave them. */
  readonly servingUrls:
    | { readonly app: string; readonly identity: string; readonly platform: string; engine: string }
    | undefined;
  /** Signs tenant contexts at an external PostgreSQL, when the operator gave it. */
  readonly contextKey: string | undefined;
}

type Source = Readonly<Record<string, string | undefined>>;

/** @throws StartFailure naming the first serving login that is missing when some are given */
function readServingUrls(env: ReturnType<typeof loadEnv>): Settings['servingUrls'] {
  const urls = {
    app: env.DATABASE_APP_URL,
    identity: env.DATABASE_IDENTITY_URL,
    platform: env.DATABASE_PLATFORM_URL,
    engine: env.DATABASE_ENGINE_URL,
  };
  const missing = Object.entries(urls).filter(([, url]) => url === '');
  if (missing.length === 4) return undefined;
  const [first] = missing;
  if (first) {
    throw new StartFailure(
      `Some logins of the serving roles are set and DATABASE_${first[0].toUpperCase()}_URL is not. Set all four, or none and let them be made.`,
    );
  }
  return urls;
}

/** What is no port is complained about as a port, and not also as an address. */
function defaultAppUrl(port: string | undefined): string {
  return `http://localhost:${/^\d{1,5}$/.test(port ?? '') ? port : 3000}`;
}

/**
 * What this start is to do, from the environment and the command line.
 * @throws EnvironmentError, StartFailure
 */
export function readSettings(source: Source, args: readonly string[]): Settings {
  const env = loadEnv({ ...source, APP_URL: source.APP_URL || defaultAppUrl(source.PORT) });
  const databaseUrl = env.DATABASE_URL || undefined;
  const refusals = productionRefusals(env, databaseUrl === undefined);
  if (refusals.length > 0) throw new StartFailure(refusalText(refusals));
  const production = env.TENANTRY_MODE === 'production';
  return {
    dev: args.includes('--dev'),
    production,
    port: env.PORT,
    appUrl: env.APP_URL.replace(/\/+$/, ''),
    dataDir: env.DATA_DIR,
    databaseUrl,
    emulators: providers.filter(
      (name) => !production && !env[`${name}_CLIENT_ID`] && !env[`${name}_EMULATOR_URL`],
    ),
    servingUrls: readServingUrls(env),
    contextKey: env.TENANT_CONTEXT_KEY,
  };
}
