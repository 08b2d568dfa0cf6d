import { type ApiCall, type App, apiRoutes } from './api';
import { compileFileQuery } from './drive-query';
import { forbidden, invalid, notFound } from './errors';
import { ordered, page, pageSize } from './paging';
import { accepted } from './scopes';
import type { Account, DriveFile, Permission } from './state';
import type { Store } from './store';

export const folderType = 'application/vnd.google-apps.folder';

/** The id of somebody's My Drive, as Google forms them. */
export function rootIdOf({ sub }: Account): string {
  return `0A${sub}Uk9PVA`;
}

function link({ id, mimeType }: DriveFile): string {
  const editor = /^application\/vnd\.google-apps\.(document|spreadsheet|presentation)$/;
  const kind = editor.exec(mimeType)?.[1];
  if (mimeType === folderType) return `https://drive.google.com/drive/folders/${id}`;
  if (!kind) return `https://drive.google.com/file/d/${id}/view`;
  return `https://docs.google.com/${kind}${kind === 'document' ? '' : 's'}/d/${id}/edit`;
}

function canShare(file: DriveFile, email: string): boolean {
  return (
    file.driveId !== null ||
    file.permissions.some(
      (one) => one.emailAddress === email && /^(owner|organizer|writer)$/.test(one.role),
    )
  );
}

function permissionResource(store: Store, permission: Permission) {
  const { emailAddress, type } = permission;
  const person = emailAddress && store.get('accounts', '', emailAddress);
  return {
    kind: 'drive#permission',
    ...permission,
    ...(emailAddress && { displayName: person ? person.name : emailAddress, deleted: false }),
    ...(type === 'anyone' && { allowFileDiscovery: false }),
  };
}

/** A files resource with every field that is emulated; `fields` picks from it. */
function fileResource({ store, account }: ApiCall, file: DriveFile) {
  const owner = file.owner === null ? undefined : store.get('accounts', '', file.owner);
  return {
    kind: 'drive#file',
    id: file.id,
    name: file.name,
    mimeType: file.mimeType,
    ...(file.parents.length > 0 && { parents: file.parents }),
    ...(file.driveId !== null && { driveId: file.driveId }),
    // 64-bit numbers travel as text.
    ...(file.size !== null && { size: String(file.size) }),
    createdTime: new Date(file.createdAt).toISOString(),
    modifiedTime: new Date(file.modifiedAt).toISOString(),
    webViewLink: link(file),
    trashed: file.trashed,
    starred: false,
    shared: file.driveId !== null || file.permissions.length > 1,
    ownedByMe: file.owner === account.email,
    ...(owner && {
      owners: [
        {
          kind: 'drive#user',
          displayName: owner.name,
          emailAddress: owner.email,
          me: owner.email === account.email,
        },
      ],
    }),
    ...(canShare(file, account.email) && {
      permissions: file.permissions.map((one) => permissionResource(store, one)),
    }),
  };
}

/** Without `fields` Drive answers with the bare minimum. */
function bare({ kind, id, name, mimeType }: ReturnType<typeof fileResource>) {
  return { kind, id, name, mimeType };
}

function corpus({ store, account, query }: ApiCall): DriveFile[] {
  const driveId = query.get('driveId');
  const allDrives = query.get('includeItemsFromAllDrives') === 'true';
  const member = (id: string) =>
    store.get('drives', '', id)?.members.includes(account.email) ?? false;
  if (query.get('corpora') === 'drive') {
    if (!driveId || !allDrives || query.get('supportsAllDrives') !== 'true') {
      throw invalid('The specified corpora requires driveId and support for all drives', 'corpora');
    }
    if (!member(driveId)) throw notFound(`Shared drive not found: ${driveId}`);
    return store.all('files', '').filter((file) => file.driveId === driveId);
  }
  return store
    .all('files', '')
    .filter((file) =>
      file.driveId === null
        ? file.permissions.some(({ emailAddress }) => emailAddress === account.email)
        : allDrives && member(file.driveId),
    );
}

const sortKeys: Readonly<Record<string, (file: DriveFile, descending: boolean) => string>> = {
  folder: (file) => (file.mimeType === folderType ? '0' : '1'),
  name: (file) => file.name.toLowerCase(),
  name_natural: (file) => file.name.toLowerCase(),
  modifiedTime: (file, descending) => moment(file.modifiedAt, descending),
  createdTime: (file, descending) => moment(file.createdAt, descending),
};

function moment(at: number, descending: boolean): string {
  return String(descending ? 9_999_999_999_999 - at : at).padStart(13, '0');
}

function orderOf(orderBy: string): (file: DriveFile) => string {
  const keys = orderBy.split(',').map((part) => {
    const [name = '', direction] = part.trim().split(/\s+/);
    const key = sortKeys[name];
    if (!key) throw invalid(`Invalid Value: ${name}`, 'orderBy');
    return (file: DriveFile) => key(file, direction === 'desc');
  });
  return (file) => [...keys.map((key) => key(file)), file.id].join('\u0000');
}

function listFiles(call: ApiCall) {
  const { account, query } = call;
  const q = query.get('q') ?? '';
  const matches = compileFileQuery(q, account.email, rootIdOf(account));
  const orderBy = query.get('orderBy') ?? 'modifiedTime desc';
  const order = orderOf(orderBy);
  const rows = ordered(corpus(call).filter(matches), order);
  const question = JSON.stringify([account.email, q, orderBy, query.get('driveId')]);
  const size = pageSize(query.get('pageSize'), 100, 1_000);
  const given = page(rows, order, size, query.get('pageToken'), question);
  const files = given.rows.map((file) => fileResource(call, file));
  return {
    ...(given.nextPageToken && { nextPageToken: given.nextPageToken }),
    kind: 'drive#fileList',
    incompleteSearch: false,
    files: query.has('fields') ? files : files.map(bare),
  };
}

function readable({ store, account, params }: ApiCall): DriveFile {
  const id = params.fileId ?? '';
  const file = store.get('files', '', id);
  const drive = file?.driveId ? store.get('drives', '', file.driveId) : undefined;
  const mine = file?.permissions.some(({ emailAddress }) => emailAddress === account.email);
  if (!file || !(mine || drive?.members.includes(account.email))) {
    throw notFound(`File not found: ${id}.`);
  }
  return file;
}

function getFile(call: ApiCall) {
  const { account, params, query } = call;
  const rootId = rootIdOf(account);
  if (params.fileId === 'root' || params.fileId === rootId) {
    return { kind: 'drive#file', id: rootId, name: 'My Drive', mimeType: folderType };
  }
  const resource = fileResource(call, readable(call));
  return query.has('fields') ? resource : bare(resource);
}

function about({ store, account, query }: ApiCall) {
  if (!query.has('fields')) {
    throw invalid("The 'fields' parameter is required for this method.", 'fields');
  }
  const used = store
    .all('files', '')
    .reduce((sum, { owner, size }) => sum + (owner === account.email ? (size ?? 0) : 0), 0);
  return {
    kind: 'drive#about',
    user: {
      kind: 'drive#user',
      displayName: account.name,
      emailAddress: account.email,
      me: true,
    },
    storageQuota: {
      limit: String(30 * 1024 ** 3),
      usage: String(used),
      usageInDrive: String(used),
    },
  };
}

function listDrives({ store, account, query }: ApiCall) {
  const order = ({ name, id }: { name: string; id: string }) => `${name}\u0000${id}`;
  const asAdministrator = query.get('useDomainAdminAccess') === 'true';
  if (asAdministrator && !account.admin) {
    throw forbidden('The requester must be an administrator of the domain.');
  }
  const visible = store
    .all('drives', '')
    .filter(({ members }) =>
      asAdministrator
        ? members.some((address) => address.endsWith(`@${account.hd}`))
        : members.includes(account.email),
    );
  const size = pageSize(query.get('pageSize'), 10, 100);
  const rows = ordered(visible, order);
  const question = `drives ${account.email} ${asAdministrator}`;
  const given = page(rows, order, size, query.get('pageToken'), question);
  return {
    ...(given.nextPageToken && { nextPageToken: given.nextPageToken }),
    kind: 'drive#driveList',
    drives: given.rows.map(({ id, name, createdAt }) => ({
      kind: 'drive#drive',
      id,
      name,
      createdTime: new Date(createdAt).toISOString(),
      hidden: false,
    })),
  };
}

/** The Drive API, v3, as far as the adapter goes. */
export function driveRoutes(app: App, store: Store): void {
  const route = apiRoutes(app, store);
  route('get', '/drive/v3/about', accepted.driveMetadata, about);
  route('get', '/drive/v3/drives', accepted.driveSharedDrives, listDrives);
  route('get', '/drive/v3/files', accepted.driveMetadata, listFiles);
  route('get', '/drive/v3/files/:fileId', accepted.driveMetadata, getFile);
  route('get', '/drive/v3/files/:fileId/permissions', accepted.driveMetadata, (call) => ({
    kind: 'drive#permissionList',
    permissions: readable(call).permissions.map((one) => permissionResource(call.store, one)),
  }));
}
