import { folderType, rootIdOf } from '../drive';
import type { Account, DriveFile, Permission, SharedDrive } from '../state';
import { addressOf, type Organisation } from './organisations';
import type { Random } from './random';

const day = 86_400_000;

const types = [
  { extension: '', mimeType: 'application/vnd.google-apps.document' },
  { extension: '', mimeType: 'application/vnd.google-apps.spreadsheet' },
  { extension: '', mimeType: 'application/vnd.google-apps.presentation' },
  { extension: '.pdf', mimeType: 'application/pdf' },
  { extension: '.png', mimeType: 'image/png' },
  { extension: '.csv', mimeType: 'text/csv' },
] as const;

const subjects = [
  'Budget',
  'Price list',
  'Contract',
  'Minutes',
  'Forecast',
  'Offer',
  'Checklist',
  'Photos',
  'Onboarding',
  'Stock take',
];

let permissionNumber = 0;
function permission(one: Omit<Permission, 'id'>): Permission {
  if (one.type === 'anyone') return { id: 'anyoneWithLink', ...one };
  permissionNumber += 1;
  return { id: String(10_000_000_000 + permissionNumber), ...one };
}

/** Who can open a file beside its owner: mostly colleagues, now and then somebody outside. */
function sharing(random: Random, organisation: Organisation, owner: string): Permission[] {
  const kind = random.next();
  const role = random.pick(['reader', 'commenter', 'writer'] as const);
  if (kind < 0.05) return [permission({ type: 'anyone', role: 'reader' })];
  if (kind < 0.11) {
    const { domain } = random.pick([...organisation.customers, ...organisation.suppliers]);
    return [permission({ type: 'user', role, emailAddress: `contact@${domain}` })];
  }
  if (kind < 0.13) {
    const { domain } = random.pick(organisation.customers);
    return [permission({ type: 'domain', role: 'reader', domain })];
  }
  if (kind < 0.3) return [permission({ type: 'domain', role, domain: organisation.domain })];
  if (kind < 0.5) {
    const others = organisation.people
      .map((person) => addressOf(organisation, person))
      .filter((address) => address !== owner);
    return [permission({ type: 'user', role, emailAddress: random.pick(others) })];
  }
  return [];
}

/** Where a tree of files hangs. */
interface Place {
  readonly rootId: string;
  readonly owner: string | null;
  readonly driveId: string | null;
}

function file(
  random: Random,
  now: number,
  place: Place,
  parent: string,
  name: string,
  mimeType: string,
  shared: readonly Permission[],
): DriveFile {
  const modifiedAt = now - random.int(0, 180) * day - random.int(0, day);
  const sized = !mimeType.startsWith('application/vnd.google-apps.');
  const { owner, driveId } = place;
  return {
    id: `1${random.id(32)}`,
    name,
    mimeType,
    parents: [parent],
    size: sized ? random.int(2_000, 9_000_000) : null,
    createdAt: modifiedAt - random.int(0, 60) * day,
    modifiedAt,
    trashed: random.chance(0.02),
    owner,
    driveId,
    permissions:
      owner === null
        ? []
        : [permission({ type: 'user', role: 'owner', emailAddress: owner }), ...shared],
  };
}

/** Folders, two deep, and so many files in them. */
function tree(
  random: Random,
  organisation: Organisation,
  now: number,
  place: Place,
  count: number,
): DriveFile[] {
  const folder = (name: string, parent: string) => ({
    ...file(random, now, place, parent, name, folderType, []),
    trashed: false,
  });
  const top = ['Finance', 'Customers', 'Projects', 'Templates'].map((name) =>
    folder(name, place.rootId),
  );
  const projects = top[2] as DriveFile;
  const below = organisation.projects.map((name) => folder(name, projects.id));
  const parents = [place.rootId, ...[...top, ...below].map(({ id }) => id)];
  const files = Array.from({ length: count }, (_, index) => {
    const { extension, mimeType } = random.pick(types);
    const about = random.pick([...organisation.projects, ...organisation.products]);
    const name = `${random.pick(subjects)} – ${about} ${index + 1}${extension}`;
    const shared = place.owner === null ? [] : sharing(random, organisation, place.owner);
    return file(random, now, place, random.pick(parents), name, mimeType, shared);
  });
  return [...top, ...below, ...files];
}

/** What lies in somebody's My Drive. */
export function ownFiles(
  random: Random,
  organisation: Organisation,
  account: Account,
  now: number,
  count: number,
): DriveFile[] {
  const place = { rootId: rootIdOf(account), owner: account.email, driveId: null };
  return tree(random, organisation, now, place, count);
}

/** The organisation's shared drive, with everybody in it. */
export function sharedDrive(
  random: Random,
  organisation: Organisation,
  now: number,
  count: number,
): { drive: SharedDrive; files: DriveFile[] } {
  const id = `0A${random.id(17)}`;
  const members = organisation.people.map((person) => addressOf(organisation, person));
  const drive = { id, name: `${organisation.name} shared`, createdAt: now - 400 * day, members };
  const place = { rootId: id, owner: null, driveId: id };
  return { drive, files: tree(random, organisation, now, place, count) };
}
