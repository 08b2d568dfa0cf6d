import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { bundleText, databaseText } from './audit/text';

/** `npm run tenantry -- audit …`: what proves the audit record to those who do not trust us. */

export const auditHelp = `  npm run tenantry -- audit verify <file> [--key <verifier key or file>] [--checkpoint <file>]
                                              verify an exported bundle, with no database at hand
  npm run tenantry -- audit verify --database [--tenant <id>]
                                              hold every event against the checkpoints outside
  npm run tenantry -- audit key [--tenant <id>]
                                              the public key that checkpoints are signed with
  npm run tenantry -- audit export --tenant <id> --out <file>
                                              the whole record of an organisation as a bundle
  npm run tenantry -- audit make-key <path>   make another key to sign with, mode 0600`;

export interface AuditOutcome {
  readonly text: string;
  /** 2 when something does not hold. */
  readonly code: 0 | 2;
}

const options = {
  key: { type: 'string', multiple: true },
  checkpoint: { type: 'string' },
  database: { type: 'boolean' },
  tenant: { type: 'string' },
  out: { type: 'string' },
} as const;

const done = (text: string): AuditOutcome => ({ text, code: 0 });

function misused(problem: string): Error {
  return new Error(`${problem}\n\nCommands:\n${auditHelp}`);
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw misused((error as Error).message);
  }
}
type Values = ReturnType<typeof readArguments>['values'];

async function tenantOf({ tenant }: Values) {
  if (tenant === undefined) return undefined;
  const { idOf } = await import('@/lib/ids/contract');
  const id = idOf('tenant').safeParse(tenant);
  if (!id.success) throw misused(`${tenant} is no organisation's id.`);
  return id.data;
}

/** A key as it is given: itself, or the file that holds it, one to a line. */
function verifierKeys(given: readonly string[]): string[] {
  return given.flatMap((each) => {
    const text = existsSync(each) ? readFileSync(each, 'utf8') : each;
    return text.split('\n').flatMap((line) => line.trim() || []);
  });
}

async function verifyFile(file: string, values: Values): Promise<AuditOutcome> {
  const { verifyBundle } = await import('@/lib/record');
  const keys = verifierKeys(values.key ?? []);
  const kept = values.checkpoint ? readFileSync(values.checkpoint, 'utf8') : undefined;
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  const report = await verifyBundle(lines, { verifierKeys: keys, kept });
  return { text: bundleText(report), code: report.problems.length > 0 ? 2 : 0 };
}

/** How many hold and, as no more than information, who was left out. */
function sumText(records: number, failed: number): string {
  if (failed > 0) return `${failed} of ${records} records do not hold.`;
  const hold = records === 1 ? '1 record holds' : `${records} records hold`;
  return `${hold}. Nothing is said of events behind the last checkpoint of each, and of what was forged before it was first signed.`;
}

async function verifyDatabase(values: Values): Promise<AuditOutcome> {
  const tenantId = await tenantOf(values);
  const { leftOut, tenantsToVerify, verifyTenantRecord } = await import('@/lib/record');
  const { tenants, erasing } = tenantId
    ? { tenants: [tenantId], erasing: [] }
    : await tenantsToVerify();
  const out = new Set<string>(erasing);
  const lines: string[] = [];
  let failed = 0;
  for (const each of tenants) {
    const verification = await verifyTenantRecord(each);
    const { findings, leaves, checkpointsThere } = verification;
    if (verification.erasing) {
      out.add(each);
      continue;
    }
    // Nothing was ever on record.
    if (findings.length + leaves + checkpointsThere === 0) continue;
    if (findings.length > 0) failed += 1;
    lines.push(databaseText(verification));
  }
  const records = lines.length;
  lines.push(sumText(records, failed));
  if (out.size > 0) lines.push(`${leftOut([...out].toSorted())}.`);
  return { text: lines.join('\n'), code: failed > 0 ? 2 : 0 };
}

async function key(values: Values): Promise<AuditOutcome> {
  const tenantId = await tenantOf(values);
  const { tenantsOnRecord, verifierKeysOf } = await import('@/lib/record');
  const tenants = tenantId ? [tenantId] : await tenantsOnRecord();
  const lines = (await Promise.all(tenants.map(verifierKeysOf))).flat();
  return done(lines.length > 0 ? lines.join('\n') : 'Nothing has been signed here yet.');
}

async function exportBundle(values: Values): Promise<AuditOutcome> {
  const tenantId = await tenantOf(values);
  if (!tenantId || !values.out) throw misused('Say whose record, and where to: --tenant, --out.');
  const { wholeBundle } = await import('@/lib/record');
  const target = createWriteStream(resolve(values.out), { flags: 'wx', mode: 0o600 });
  await pipeline(Readable.from(wholeBundle({ tenantId })), target);
  return done(
    `${resolve(values.out)} holds the record up to its last checkpoint. It opens names and details: hand it on with care.`,
  );
}

async function makeKey(path: string | undefined): Promise<AuditOutcome> {
  if (!path) throw misused('Say where: audit make-key <path>.');
  const { createSigningKey } = await import('@/lib/record');
  const file = resolve(path);
  createSigningKey(file);
  return done(
    `${file} holds a new key, mode 0600. Set AUDIT_SIGNING_KEY=${file} and AUDIT_SIGNING_KEY_PREVIOUS to the file of the one before: both sign until verifiers have the new one (audit key).`,
  );
}

/**
 * One of the audit commands.
 * @param openDoors points the doors at the database; not called to verify a file
 * @throws Error with what to do
 */
export async function audit(args: readonly string[], openDoors: () => void): Promise<AuditOutcome> {
  const { values, positionals } = readArguments(args);
  const [command, path] = positionals;
  if (command === 'make-key') return makeKey(path);
  if (command === 'verify' && !values.database) {
    if (!path) throw misused('Name the file, or say --database.');
    return verifyFile(path, values);
  }
  const commands = { verify: verifyDatabase, key, export: exportBundle } as const;
  const found = commands[command as keyof typeof commands];
  if (!found) throw misused(command ? `There is no command audit ${command}.` : 'Say what to do.');
  openDoors();
  return found(values);
}
