import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StartFailure } from './failure';

const schema = z.object({
  /** Signs sessions. */
  authSecret: z.string().min(32),
  /** Signs the tenant of each transaction at an external PostgreSQL. */
  contextKey: z.string().min(32),
  /** Passwords of the serving logins there. */
  databasePasswords: z.object({
    app: z.string().min(16),
    identity: z.string().min(16),
    platform: z.string().min(16),
    engine: z.string().min(16),
  }),
});
export type Secrets = z.infer<typeof schema>;

const generate = () => randomBytes(32).toString('base64url');

function makeSecrets(): Secrets {
  const databasePasswords = {
    app: generate(),
    identity: generate(),
    platform: generate(),
    engine: generate(),
  };
  return { authSecret: generate(), contextKey: generate(), databasePasswords };
}

function saveSecrets(file: string, secrets: Secrets): Secrets {
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

/**
 * The installation's own secrets, made on its first start and kept in `secrets.json`, mode 0600.
 * @throws StartFailure when the file is there and cannot be used: new secrets over old data would
 *   lock everybody out
 */
export function loadSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  if (!existsSync(file)) return saveSecrets(file, makeSecrets());
  try {
    const kept = schema.partial({ contextKey: true }).parse(JSON.parse(readFileSync(file, 'utf8')));
    // Made by a version that did not sign tenant contexts.
    const { contextKey } = kept;
    return contextKey ? { ...kept, contextKey } : saveSecrets(file, { ...makeSecrets(), ...kept });
  } catch (cause) {
    throw new StartFailure(
      `The secrets in ${file} cannot be read. Restore the file from a backup; if there is none, remove it: everybody then has to sign in again.`,
      { cause },
    );
  }
}
