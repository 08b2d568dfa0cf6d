import { DoorMisuseError } from '../errors';

/** What reads and writes rows, or sets savepoints. */
const harmless =
  /^[\s(]*(?:select|insert|update|delete|merge|with|values)\b|^\s*(?:savepoint|release|rollback to)\b/i;

/** Their tags in the server's answer, and those of the doors' own statements. */
const tags = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'SAVEPOINT',
  'RELEASE',
  'ROLLBACK',
  'BEGIN',
  'COMMIT',
]);

/**
 * Refuse a statement that would outlast its transaction, such as SET, PREPARE or DEALLOCATE: it would
 * stay on the connection, for the next tenant's request. A comment at the beginning is refused too,
 * since only PostgreSQL can say for sure where it ends.
 * @throws DoorMisuseError
 */
export function refuseCommand(text: string): void {
  if (harmless.test(text)) return;
  const word = /^[\s(]*([a-z]+)/i.exec(text)?.[1]?.toUpperCase();
  throw new DoorMisuseError(
    `The doors send statements that read or write rows, and ${word ?? 'this'} does not.`,
  );
}

/** What has been found of tags; with counts of rows in them there are many, but few are frequent. */
const known = new Map<string, boolean>();
const KNOWN = 1_000;

/** Whether a command has, by its tag, left nothing on the connection. */
export function leavesNothing(tag: string): boolean {
  const found = known.get(tag);
  if (found !== undefined) return found;
  const nothing = tags.has(tag.split(' ', 1)[0] ?? '');
  if (known.size < KNOWN) known.set(tag, nothing);
  return nothing;
}
