import { ownFiles, sharedDrive } from '../../google/seed/files';
import type { Organisation } from '../../google/seed/organisations';
import { randomFrom } from '../../google/seed/random';
import type { DriveFile, Permission } from '../../google/state';
import type { DriveItem, SharingPermission, Store, User } from '../state';
import { guidFor } from './directories';

const folderType = 'application/vnd.google-apps.folder';

/** Types that only the other provider has, as the files of this one. */
const officeTypes: Readonly<Record<string, readonly [type: string, extension: string]>> = {
  'application/vnd.google-apps.document': [
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    '.docx',
  ],
  'application/vnd.google-apps.spreadsheet': [
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    '.xlsx',
  ],
  'application/vnd.google-apps.presentation': [
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    '.pptx',
  ],
};

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Ids in the forms of OneDrive's, always the same for the same name. */
export const driveId = (name: string) => `b!${randomFrom(`drive ${name}`).id(60)}`;
const itemId = (name: string) => `01${randomFrom(`item ${name}`).id(32, base32)}`;
export const rootItemId = (drive: string) => itemId(`root ${drive}`);

/** A foreign domain cannot be shared with as such here: a link for somebody there stands for it. */
function sharing(
  { id, type, role, emailAddress, domain }: Permission,
  own: string,
): SharingPermission {
  const write = role === 'writer' || role === 'organizer';
  const roles = role === 'owner' ? ['owner'] : [write ? 'write' : 'read'];
  const linkType = write ? 'edit' : 'view';
  const webUrl = `https://example.sharepoint.com/:w:/g/${id}`;
  if (type === 'anyone') {
    return { id, roles, link: { scope: 'anonymous', type: linkType, webUrl }, people: [] };
  }
  if (type === 'domain' && domain !== own) {
    const people = [{ name: `Contact at ${domain}`, address: `contact@${domain}` }];
    return { id, roles, link: { scope: 'users', type: linkType, webUrl }, people };
  }
  if (type === 'domain') {
    const people = [{ name: domain ?? '', address: `everyone@${domain}` }];
    return { id, roles, link: { scope: 'organization', type: linkType, webUrl }, people };
  }
  const address = emailAddress ?? '';
  return { id, roles, people: [{ name: address, address }] };
}

function itemOf(file: DriveFile, seq: number, parentId: string, own: string): DriveItem {
  const [mimeType, extension] = officeTypes[file.mimeType] ?? [file.mimeType, ''];
  return {
    id: itemId(file.id),
    seq,
    name: `${file.name}${extension}`,
    parentId,
    mimeType: file.mimeType === folderType ? null : mimeType,
    size: file.size ?? 20_480,
    createdAt: file.createdAt,
    modifiedAt: file.modifiedAt,
    permissions: file.permissions.map((one) => sharing(one, own)),
    ...(file.trashed && { deleted: true }),
  };
}

function fill(
  store: Store,
  drive: string,
  files: readonly DriveFile[],
  { domain }: Organisation,
  now: number,
): void {
  const seq = store.nextSeq();
  const root = rootItemId(drive);
  const known = new Set(files.map(({ id }) => id));
  store.put('items', drive, root, {
    ...{ id: root, seq, name: 'root', parentId: null, mimeType: null, size: 0, permissions: [] },
    createdAt: now,
    modifiedAt: now,
  });
  for (const file of files) {
    const parent = file.parents.find((id) => known.has(id));
    const item = itemOf(file, seq, parent === undefined ? root : itemId(parent), domain);
    store.put('items', drive, item.id, item);
  }
}

/** Give somebody the OneDrive, with so many files. */
export function seedOneDrive(
  store: Store,
  user: User,
  organisation: Organisation,
  now: number,
  count: number,
): void {
  const { oid, upn, displayName, givenName, surname } = user;
  const id = driveId(oid);
  store.put('drives', '', id, {
    ...{ id, name: 'OneDrive', ownerOid: oid, siteId: null },
    driveType: 'business',
  });
  const account = {
    ...{ sub: guidFor(upn), email: upn, name: displayName, givenName, familyName: surname },
    hd: organisation.domain,
    timeZone: organisation.timeZone,
  };
  fill(
    store,
    id,
    ownFiles(randomFrom(`files ${upn}`), organisation, account, now, count),
    organisation,
    now,
  );
}

/** The SharePoint sites of an organisation, with one library each. */
export function seedSites(
  store: Store,
  tid: string,
  organisation: Organisation,
  now: number,
): void {
  const host = `${organisation.domain.split('.')[0]}.sharepoint.com`;
  for (const displayName of [organisation.name, ...organisation.projects]) {
    const id = `${host},${guidFor(`site ${displayName}`)},${guidFor(`web ${displayName}`)}`;
    const name = displayName.toLowerCase().replace(/\W+/g, '-');
    store.put('sites', tid, id, { id, name, displayName });
    const drive = driveId(id);
    store.put('drives', '', drive, {
      ...{ id: drive, name: 'Documents', ownerOid: null, siteId: id },
      driveType: 'documentLibrary',
    });
    const random = randomFrom(`library ${id}`);
    fill(store, drive, sharedDrive(random, organisation, now, 12).files, organisation, now);
  }
}
