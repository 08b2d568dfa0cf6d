import { noFile } from '../errors';
import type { App } from '../login';
import { driveId, rootItemId } from '../seed/drives';
import type { LazyContents } from '../seed/lazy';
import type { Drive, DriveItem, SharingPermission, Site, Store } from '../state';
import { type Access, type GraphCall, graphRoutes, type PersonCall } from './api';
import { delta, goneFor } from './delta';
import { collection, ordered, page, top } from './odata';

const readFiles: Access = {
  family: 'files',
  delegated: [
    'Files.Read',
    'Files.ReadWrite',
    'Files.Read.All',
    'Files.ReadWrite.All',
    'Sites.Read.All',
  ],
  application: ['Files.Read.All', 'Files.ReadWrite.All', 'Sites.Read.All', 'Sites.ReadWrite.All'],
};
const readSites: Access = {
  family: 'files',
  delegated: ['Sites.Read.All', 'Sites.ReadWrite.All'],
  application: ['Sites.Read.All', 'Sites.ReadWrite.All'],
};

const sharePoint = 'https://example.sharepoint.com';

function siteResource({ id, name, displayName }: Site) {
  return {
    id,
    name,
    displayName,
    isPersonalSite: false,
    webUrl: `${sharePoint}/sites/${name}`,
    siteCollection: { hostname: id.split(',')[0] },
  };
}

function driveResource(drive: Drive, { store, tid }: GraphCall) {
  const owner = drive.ownerOid === null ? undefined : store.person(tid, drive.ownerOid);
  const used = store.all('items', drive.id).reduce((sum, { size }) => sum + size, 0);
  return {
    id: drive.id,
    name: drive.name,
    driveType: drive.driveType,
    webUrl: `${sharePoint}/drives/${encodeURIComponent(drive.id)}`,
    ...(owner && {
      owner: { user: { id: owner.oid, displayName: owner.displayName, email: owner.upn } },
    }),
    quota: { used, total: 1_099_511_627_776, state: 'normal' },
  };
}

function itemResource(item: DriveItem, drive: Drive, { store, tid }: GraphCall) {
  const owner = drive.ownerOid === null ? undefined : store.person(tid, drive.ownerOid);
  const at = (time: number) => new Date(time).toISOString();
  const shared = item.permissions.some(({ roles, link }) => link || !roles.includes('owner'));
  return {
    id: item.id,
    name: item.name,
    size: item.size,
    webUrl: `${sharePoint}/items/${item.id}`,
    createdDateTime: at(item.createdAt),
    lastModifiedDateTime: at(item.modifiedAt),
    parentReference: { driveId: drive.id, ...(item.parentId && { id: item.parentId }) },
    ...(item.parentId === null && { root: {} }),
    ...(item.mimeType === null
      ? { folder: { childCount: 0 } }
      : { file: { mimeType: item.mimeType } }),
    ...(shared && { shared: { scope: 'users' } }),
    ...(owner && {
      createdBy: { user: { id: owner.oid, displayName: owner.displayName, email: owner.upn } },
    }),
  };
}

/** Source: https://learn.microsoft.com/graph/api/resources/permission */
function permissionResource({ id, roles, link, people }: SharingPermission) {
  const identities = people.map(({ name, address }) => ({
    user: { displayName: name, email: address },
  }));
  if (link) {
    const own = link.scope === 'users' ? { grantedToIdentitiesV2: identities } : {};
    return { id, roles, link, ...own };
  }
  return { id, roles, grantedToV2: identities[0] };
}

/** What a drive shows to whoever asks: one's own, the app's all, the libraries everybody's. */
function findDrive(call: GraphCall, id: string): Drive {
  const drive = call.store.get('drives', '', id);
  const inside =
    drive?.ownerOid !== null && drive?.ownerOid !== undefined
      ? call.store.person(call.tid, drive.ownerOid) !== undefined
      : call.store.get('sites', call.tid, drive?.siteId ?? '') !== undefined;
  if (!drive || !inside) throw noFile();
  if (call.me && drive.ownerOid !== null && drive.ownerOid !== call.me.oid) throw noFile();
  return drive;
}

function findItem({ store, params }: GraphCall, drive: Drive): DriveItem {
  const id = params.item === 'root' ? rootItemId(drive.id) : (params.item ?? '');
  const found = store.get('items', drive.id, id);
  if (!found || found.deleted) throw noFile();
  return found;
}

function driveDelta(call: GraphCall, drive: Drive) {
  return delta(
    call,
    call.store.all('items', drive.id),
    top(call, 200, 1_000),
    (item) => itemResource(item, drive, call),
    ({ id }) => ({ id, deleted: { state: 'deleted' } }),
    { expired: goneFor('resyncChangesApplyDifferences', 'token'), deltaToken: 'token' },
  );
}

function children(call: GraphCall, drive: Drive, parent: DriveItem) {
  const rows = call.store
    .all('items', drive.id)
    .filter(({ parentId, deleted }) => parentId === parent.id && !deleted);
  const keyOf = ({ name, id }: DriveItem) => `${name} ${id}`;
  const given = page(call, ordered(rows, keyOf), keyOf, top(call, 200, 1_000));
  return collection(given, (item) => itemResource(item, drive, call));
}

/** Drives and sites, as far as the adapter goes. */
export function driveRoutes(app: App, store: Store, baseUrl: string, lazy: LazyContents): void {
  const { route, personal } = graphRoutes(app, store, baseUrl);
  const own = (call: PersonCall): Drive => {
    // Nobody without a licence has a OneDrive.
    if (!call.owner.licensed) throw noFile();
    lazy.drive(call.tid, call.owner);
    return findDrive(call, driveId(call.owner.oid));
  };
  const named = (call: GraphCall) => findDrive(call, call.params.drive ?? '');

  /** The same below somebody's own drive and below `/drives/{id}`. */
  function drive(path: string, handler: (call: GraphCall, drive: Drive) => unknown): void {
    personal('get', `/drive${path}`, readFiles, (call) => handler(call, own(call)));
    route('get', `/drives/:drive${path}`, readFiles, (call) => handler(call, named(call)));
  }
  drive('', (call, one) => driveResource(one, call));
  drive('/root/delta', driveDelta);
  drive('/root/children', (call, one) =>
    children(call, one, findItem({ ...call, params: { item: 'root' } }, one)),
  );
  drive('/root', (call, one) =>
    itemResource(findItem({ ...call, params: { item: 'root' } }, one), one, call),
  );
  drive('/items/:item', (call, one) => itemResource(findItem(call, one), one, call));
  drive('/items/:item/children', (call, one) => children(call, one, findItem(call, one)));
  drive('/items/:item/permissions', (call, one) => ({
    value: findItem(call, one).permissions.map(permissionResource),
  }));
  personal('get', '/drives', readFiles, (call) => ({ value: [driveResource(own(call), call)] }));

  const listSites = (call: GraphCall) => {
    const search = call.query.get('search') ?? '*';
    const rows = call.store
      .all('sites', call.tid)
      .filter(
        ({ displayName }) =>
          search === '*' || displayName.toLowerCase().includes(search.toLowerCase()),
      );
    const given = page(
      call,
      ordered(rows, ({ id }) => id),
      ({ id }) => id,
      top(call, 100, 999),
    );
    return collection(given, siteResource);
  };
  route('get', '/sites', readSites, listSites);
  // All sites at once are for apps only (https://learn.microsoft.com/graph/api/site-getallsites).
  route('get', '/sites/getAllSites', { ...readSites, delegated: null }, listSites);
  route('get', '/sites/:site/drives', readFiles, (call) => {
    const site = call.store.get('sites', call.tid, call.params.site ?? '');
    if (!site) throw noFile();
    const rows = call.store.all('drives', '').filter(({ siteId }) => siteId === site.id);
    return { value: rows.map((one) => driveResource(one, call)) };
  });
}
