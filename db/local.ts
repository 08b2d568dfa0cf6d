import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EmbeddedOptions, type EmbeddedServer, startEmbedded } from './embedded';
import { socketDirectory } from './embedded/directories';
import { socketUrl } from './embedded/server';
import { type PreparedDatabase, prepareDatabase } from './migrate';
import { type ServingRole, servingRoles } from './schema/roles';
import { type ServingSecrets, servingAccess } from './urls';

const DATABASE = 'tenantry';

export interface LocalDatabase {
  readonly urls: PreparedDatabase;
  readonly server: EmbeddedServer;
}

/** Passwords and key, each derived from the superuser's password: one secret to keep. */
function derivedSecrets(superuserPassword: string): ServingSecrets {
  const derive = (purpose: string) =>
    createHmac('sha256', superuserPassword).update(purpose).digest('base64url');
  const entries = Object.entries(servingRoles).map(([key, role]) => [key, derive(role)]);
  const passwords = Object.fromEntries(entries) as Record<ServingRole, string>;
  return { ...passwords, contextKey: derive('tenant context') };
}

/**
 * Start the embedded PostgreSQL over `dataDir` and prepare the database `tenantry` (or another) in it.
 * @throws EmbeddedPostgresError, MigrationError; nothing is left running then
 */
export async function startLocalDatabase(
  options: EmbeddedOptions & { readonly database?: string },
): Promise<LocalDatabase> {
  const server = await startEmbedded(options);
  try {
    const secrets = derivedSecrets(decodeURIComponent(new URL(server.url).password));
    const database = options.database ?? DATABASE;
    return { server, urls: await prepareDatabase({ ownerUrl: server.url, secrets, database }) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * The logins to the embedded database of `dataDir`, for a command beside the running server.
 * Undefined when that directory has no embedded database. Only the user who started it may read them.
 */
export function localDatabaseUrls(dataDir: string): PreparedDatabase | undefined {
  const directory = resolve(dataDir);
  const file = join(directory, 'postgres-password');
  if (!existsSync(file)) return undefined;
  const password = readFileSync(file, 'utf8').trim();
  const owner = socketUrl('postgres', password, socketDirectory(directory), DATABASE);
  return { owner, ...servingAccess(owner, derivedSecrets(password)) };
}
