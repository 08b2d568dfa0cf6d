import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { leftToDo, many, statusText } from './keys/text';

/** `npm run tenantry -- keys …`: what an operator does with the keys that seal credentials. */

export const keysHelp = `  npm run tenantry -- keys status [--json]    which key wraps whose keys, and what is under older ones
  npm run tenantry -- keys rotate --wrapping  wrap all organisations' keys with KEY_ENCRYPTION_KEY
  npm run tenantry -- keys rotate --tenant-keys [--tenant <id>]
                                              give organisations new keys, and seal anew with them
  npm run tenantry -- keys move [--finish]    move wrapped keys to KEY_STORE_URL; --finish deletes
                                              the copies once every process was started with it
  npm run tenantry -- keys shred --tenant <id> --confirm <name>
                                              destroy an organisation's keys, for good
  npm run tenantry -- keys make-file <path>   make a new key in a file, mode 0600`;

/** What a command says, and its exit code: 0, or 2 when something is left to do. */
export interface KeysOutcome {
  readonly text: string;
  readonly code: 0 | 2;
}

const done = (text: string): KeysOutcome => ({ text, code: 0 });
const options = {
  json: { type: 'boolean' },
  wrapping: { type: 'boolean' },
  'tenant-keys': { type: 'boolean' },
  tenant: { type: 'string' },
  confirm: { type: 'string' },
  finish: { type: 'boolean' },
} as const;

function misused(problem: string): Error {
  return new Error(`${problem}\n\nCommands:\n${keysHelp}`);
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw misused((error as Error).message);
  }
}

type Values = ReturnType<typeof readArguments>['values'];

async function tenantOf(values: Values) {
  if (values.tenant === undefined) return undefined;
  const { idOf } = await import('@/lib/ids/contract');
  const id = idOf('tenant').safeParse(values.tenant);
  if (!id.success) throw misused(`${values.tenant} is no organisation's id.`);
  const { nameOfTenant } = await import('@/lib/keys');
  return { id: id.data, name: await nameOfTenant(id.data) };
}

async function status({ json }: Values): Promise<KeysOutcome> {
  const { keyStatus, leftInside } = await import('@/lib/keys');
  const found = await keyStatus();
  const left = leftToDo(found, await leftInside());
  const text = json
    ? JSON.stringify({ ...found, leftToDo: left }, null, 2)
    : statusText(found, left);
  return { text, code: left.length > 0 ? 2 : 0 };
}

/** A line that is written over, where somebody looks on. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
}

async function rotate(values: Values): Promise<KeysOutcome> {
  if (!values.wrapping && !values['tenant-keys']) {
    throw misused('Say what to exchange: --wrapping, --tenant-keys, or both.');
  }
  if (values.tenant && values.wrapping) {
    throw misused('--tenant goes with --tenant-keys: the wrapping key is one for all.');
  }
  const tenant = await tenantOf(values);
  const { rotateTenantKeys, rotateWrapping } = await import('@/lib/keys');
  const lines: string[] = [];
  let code: KeysOutcome['code'] = 0;
  if (values.wrapping) {
    const { from, to, rewrapped } = await rotateWrapping((count) => progress(`${count} wrapped`));
    lines.push(
      `${many(rewrapped, 'key')} wrapped anew with ${to}.`,
      from === to
        ? 'It was the wrapping key already.'
        : `${from} is needed no more here: take it out of KEY_ENCRYPTION_KEY_PREVIOUS, and keep it as long as backups from before.`,
    );
  }
  if (values['tenant-keys']) {
    const tally = await rotateTenantKeys(tenant?.id, ({ resealed }) =>
      progress(`${resealed} sealed anew`),
    );
    lines.push(
      `${many(tally.rotated, 'organisation')} got a new key, and ${many(tally.resealed, 'text')} were sealed anew.`,
    );
    if (tally.rotated === 0) lines.push('An exchange that was interrupted has ended with that.');
    if (tally.unreadable > 0) {
      lines.push(
        `${many(tally.unreadable, 'text')} cannot be opened with any key, and stay as they are.`,
      );
      code = 2;
    }
  }
  return { text: lines.join('\n'), code };
}

async function move({ finish = false }: Values): Promise<KeysOutcome> {
  const { moveKeys } = await import('@/lib/keys');
  const { to, copied, deleted, destroyed } = await moveKeys(finish);
  const lines = [`${many(copied, 'key')} copied to ${to}.`];
  if (destroyed > 0) {
    lines.push(`The keys of ${many(destroyed, 'organisation')} were destroyed there, and stay so.`);
  }
  if (!finish) {
    lines.push(
      'Now start every process with KEY_STORE_URL; until then none of the old ones makes new keys. Then: keys move --finish',
    );
    return { text: lines.join('\n'), code: 2 };
  }
  lines.push(
    `${many(deleted, 'copy', 'copies')} deleted from the database. Its backups from before still hold them: they are worthless once the wrapping key was exchanged (keys rotate --wrapping) and the former one destroyed.`,
  );
  return done(lines.join('\n'));
}

async function shred(values: Values): Promise<KeysOutcome> {
  const tenant = await tenantOf(values);
  if (!tenant) throw misused('Say whose keys: --tenant <id>.');
  if (values.confirm !== tenant.name) {
    throw new Error(
      `This destroys the keys of ${tenant.name} for good: every connection's credentials, and all else that is sealed for it, are lost. If that is meant, add: --confirm ${JSON.stringify(tenant.name)}. Nothing was changed.`,
    );
  }
  const { shredKeys } = await import('@/lib/keys');
  const { keys, backupsToo } = await shredKeys(tenant.id);
  const backups = backupsToo
    ? 'Backups of the database hold none of them; backups of the key store do, until they expire.'
    : 'The keys lay in the database itself: its backups still hold them, until they expire. A store of their own ends that (KEY_STORE_URL).';
  return done(
    `${many(keys, 'key')} of ${tenant.name} destroyed. Running processes forget them within half a minute. ${backups}`,
  );
}

async function makeFile(path: string | undefined): Promise<KeysOutcome> {
  if (!path) throw misused('Say where: keys make-file <path>.');
  const { createKeyFile } = await import('@/lib/vault');
  const file = resolve(path);
  const { id } = createKeyFile(file);
  return done(
    `${file} holds ${id}, mode 0600. Keep a copy of it apart from the database's backups.`,
  );
}

/**
 * One of the keys commands.
 * @param openDoors points the doors at the database; called before anything of the product is loaded
 * @throws Error with what to do
 */
export async function keys(args: readonly string[], openDoors: () => void): Promise<KeysOutcome> {
  const { values, positionals } = readArguments(args);
  const [command, path] = positionals;
  if (command === 'make-file') return makeFile(path);
  const commands = { status, rotate, move, shred } as const;
  const found = commands[command as keyof typeof commands];
  if (!found) throw misused(command ? `There is no command keys ${command}.` : 'Say what to do.');
  openDoors();
  return found(values);
}
