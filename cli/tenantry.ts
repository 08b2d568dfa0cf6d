import { randomUUID } from 'node:crypto';
import { localDatabaseUrls } from '@/db/local';
import { staffRoles } from '@/db/schema/tenancy';
import { type ServingAccess, servingAccess } from '@/db/urls';
import { audit, auditHelp } from './audit';
import { deletion, deletionHelp } from './deletion';
import { keys, keysHelp } from './keys';
import { loadSecrets } from './start/secrets';
import { readSettings, type Settings } from './start/settings';

/** `npm run tenantry -- …`: what only the operator may do, beside the running product. */

const help = `Commands:
  npm run tenantry -- help                    this list
  npm run tenantry -- staff <email> <role>    make a person who has signed up a member of staff
                                              (${staffRoles.join(', ')})
  npm run tenantry -- staff reset-factor <email>
                                              take away a second factor that somebody lost, staff
                                              or not; staff set up another when they sign in
${keysHelp}
${auditHelp}
${deletionHelp}`;

/** @throws Error when there is no database here yet */
function findAccess(settings: Settings): ServingAccess {
  const { servingUrls: given, databaseUrl, dataDir } = settings;
  const external = () => {
    const { databasePasswords, contextKey: made } = loadSecrets(dataDir);
    const contextKey = settings.contextKey ?? made;
    return given
      ? { ...given, contextKey }
      : servingAccess(databaseUrl ?? '', { ...databasePasswords, contextKey });
  };
  const urls = databaseUrl || given ? external() : localDatabaseUrls(dataDir);
  if (!urls) throw new Error(`There is no database in ${dataDir} yet. Run npm start first.`);
  return urls;
}

/** Point the doors at the database; to be done before anything of the product is loaded. */
function openDoors(): void {
  const { app, identity, platform, engine, contextKey } = findAccess(readSettings(process.env, []));
  process.env.DATABASE_APP_URL = app;
  process.env.DATABASE_IDENTITY_URL = identity;
  process.env.DATABASE_PLATFORM_URL = platform;
  process.env.DATABASE_ENGINE_URL = engine;
  process.env.TENANT_CONTEXT_KEY = contextKey;
}

async function resetFactor(email: string | undefined): Promise<string> {
  if (!email) throw new Error(`Name a person.\n\n${help}`);
  openDoors();
  const { resetFactorOf } = await import('@/lib/auth');
  await resetFactorOf(email, { requestId: `operator-${randomUUID()}` });
  return `The second factor of ${email} is gone, and every session of theirs has ended. Staff set up another when they sign in, everybody else in their account.`;
}

async function staff([email, name]: readonly string[]): Promise<string> {
  if (email === 'reset-factor') return resetFactor(name);
  const role = staffRoles.find((known) => known === name);
  if (!email || !role) throw new Error(`Name a person and a role.\n\n${help}`);
  openDoors();
  const { makeStaff } = await import('@/lib/auth');
  await makeStaff(email, role);
  return `${email} is staff now, as ${role}.`;
}

interface Outcome {
  readonly text: string;
  /** 2 when something is left to do. */
  readonly code: 0 | 2;
}

const done = (text: string): Outcome => ({ text, code: 0 });

async function run([command = 'help', ...rest]: readonly string[]): Promise<Outcome> {
  switch (command) {
    case 'help':
      return done(help);
    case 'staff':
      return done(await staff(rest));
    case 'audit':
      return audit(rest, openDoors);
    case 'keys':
      return keys(rest, openDoors);
    case 'deletion':
      return deletion(rest);
    default:
      throw new Error(`There is no command ${command}.\n\n${help}`);
  }
}

try {
  const { text, code } = await run(process.argv.slice(2));
  console.log(text);
  process.exit(code);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
