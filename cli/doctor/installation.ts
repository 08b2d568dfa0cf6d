import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { localDatabaseUrls } from '@/db/local';
import { type ServingAccess, servingAccess } from '@/db/urls';
import { type Env, loadEnv } from '@/lib/env';
import { loadSecrets } from '../start/secrets';

/** What there is to look at, as this machine knows it. */
export interface Installation {
  readonly env: Env;
  readonly dataDir: string;
  readonly production: boolean;
  /** The database is the one that `npm start` runs itself. */
  readonly embedded: boolean;
  /** The owner's login; undefined where there is no database yet. */
  readonly owner: string | undefined;
  /** What the product serves with, where it is known. */
  readonly serving: ServingAccess | undefined;
}

function externalAccess(env: Env): ServingAccess | undefined {
  const { DATABASE_URL: owner, DATA_DIR: dataDir, TENANT_CONTEXT_KEY: given } = env;
  const logins = {
    app: env.DATABASE_APP_URL,
    identity: env.DATABASE_IDENTITY_URL,
    platform: env.DATABASE_PLATFORM_URL,
    engine: env.DATABASE_ENGINE_URL,
  };
  const secrets = existsSync(join(dataDir, 'secrets.json')) ? loadSecrets(dataDir) : undefined;
  const contextKey = given ?? secrets?.contextKey;
  if (!contextKey) return undefined;
  if (logins.app) return { ...logins, contextKey };
  return secrets && servingAccess(owner, { ...secrets.databasePasswords, contextKey });
}

/** @throws EnvironmentError */
export function findInstallation(source: NodeJS.ProcessEnv): Installation {
  const port = source.PORT || '3000';
  const env = loadEnv({ ...source, APP_URL: source.APP_URL || `http://localhost:${port}` });
  const embedded = env.DATABASE_URL === '';
  const local = embedded ? localDatabaseUrls(env.DATA_DIR) : undefined;
  return {
    env,
    dataDir: env.DATA_DIR,
    production: env.TENANTRY_MODE === 'production',
    embedded,
    owner: embedded ? local?.owner : env.DATABASE_URL,
    serving: embedded ? local : externalAccess(env),
  };
}
