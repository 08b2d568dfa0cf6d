import type { KeyStatus } from '@/lib/keys';

/** A number and what there are so many of. */
export const many = (count: number, one: string, several = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : several}`;

/** What is left to do, in sentences; empty when all is as it should be. */
export function leftToDo(status: KeyStatus, copiesInside: number): string[] {
  const left: string[] = [];
  const older = Object.values(status.sealedWithOlder).reduce((sum, count) => sum + count, 0);
  for (const { keyEncryptionKeyId, keys, atHand } of status.wrappings) {
    if (!atHand) {
      left.push(
        `${many(keys, 'key')} cannot be opened: ${keyEncryptionKeyId} is not configured. Name it in KEY_ENCRYPTION_KEY_PREVIOUS.`,
      );
    } else if (keyEncryptionKeyId !== status.wanted) {
      left.push(
        `${many(keys, 'key')} are not wrapped with ${status.wanted} yet. Once every process was started with both: keys rotate --wrapping`,
      );
    }
  }
  if (status.rotationSince) {
    left.push(`An exchange of all keys has not ended. To go on: keys rotate --tenant-keys`);
  } else if (older > 0) {
    left.push(
      `${many(older, 'text')} under older keys. To seal them anew: keys rotate --tenant-keys --tenant <id>`,
    );
  }
  if (copiesInside > 0) {
    left.push(
      `Copies of the keys of ${many(copiesInside, 'organisation')} are left in the database. Once every process was started with KEY_STORE_URL: keys move --finish`,
    );
  }
  return left;
}

/** The status as people read it. */
export function statusText(status: KeyStatus, left: readonly string[]): string {
  const generations = Object.entries(status.generations).map(
    ([generation, count]) => `  generation ${generation}: ${many(count, 'organisation')}`,
  );
  const wrappings = status.wrappings.map(
    ({ keyEncryptionKeyId, keys, tenants, people = 0, atHand }) =>
      `  ${keyEncryptionKeyId}: ${many(keys, 'key')} of ${many(tenants, 'organisation')}${people > 0 ? ` and ${many(people, 'person', 'people')}` : ''}${atHand ? '' : ' (NOT AT HAND)'}`,
  );
  const older = Object.entries(status.sealedWithOlder).map(
    ([place, count]) => `  ${place}: ${count}`,
  );
  return [
    `Wrapped keys lie in ${status.where}.`,
    `New ones are wrapped with ${status.wrapsWith ?? 'nothing yet'}.`,
    'Wrapped by',
    ...(wrappings.length > 0 ? wrappings : ['  nothing yet']),
    'Newest keys',
    ...(generations.length > 0 ? generations : ['  none yet']),
    `  without a key: ${many(status.withoutKey.length, 'organisation')} (they get one with their first secret)`,
    'Sealed with an older key',
    ...(older.length > 0 ? older : ['  nothing']),
    '',
    ...(left.length > 0 ? ['Left to do:', ...left.map((line) => `  ${line}`)] : ['All is well.']),
  ].join('\n');
}
