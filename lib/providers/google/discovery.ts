import { z } from 'zod';
import { type DiscoveredResource, ProviderError } from '../contract';
import type { DiscoveryOptions } from '../provider';
import { type calendarEntry, calendarPages } from './calendar';
import { call, type GoogleApis, pages } from './transport';

export type Batches = AsyncGenerator<readonly DiscoveredResource[], void>;

const profile = z.object({
  emailAddress: z.string().min(1),
  messagesTotal: z.number().int(),
  threadsTotal: z.number().int(),
});

const label = z.object({
  id: z.string().min(1),
  name: z.string(),
  type: z.string().default('user'),
  color: z.object({ backgroundColor: z.string().optional() }).optional(),
});

const about = z.object({
  user: z.object({ emailAddress: z.string().optional(), displayName: z.string().optional() }),
  storageQuota: z.object({ limit: z.string().optional(), usage: z.string().optional() }).optional(),
});

const sharedDriveList = z.object({
  drives: z
    .array(
      z.object({
        id: z.string().min(1),
        name: z.string(),
        createdTime: z.string().optional(),
        hidden: z.boolean().optional(),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
});

const file = z.object({
  id: z.string().min(1),
  name: z.string(),
  mimeType: z.string(),
  parents: z.array(z.string()).default([]),
  driveId: z.string().optional(),
  size: z.string().regex(/^\d+$/).optional(),
  modifiedTime: z.string().optional(),
  webViewLink: z.string().optional(),
  shared: z.boolean().optional(),
  owners: z.array(z.object({ emailAddress: z.string().optional() })).default([]),
});

const fileList = z.object({ files: z.array(file), nextPageToken: z.string().optional() });

const folderType = 'application/vnd.google-apps.folder';
const fileFields =
  'nextPageToken,files(id,name,mimeType,parents,driveId,size,modifiedTime,webViewLink,shared,' +
  'owners/emailAddress)';
/** A page that is quick to fetch and small to hold; Drive allows 1,000. */
const filePageSize = 500;

/** Gmail names its own labels in capitals; people know them by these names. */
function labelName({ name, type }: z.output<typeof label>): string {
  if (type !== 'system') return name;
  const words = name.replace(/^CATEGORY_/, '').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export async function* mailbox({ gmail }: GoogleApis): Batches {
  const userId = 'me';
  let box: z.output<typeof profile>;
  try {
    box = await call('gmail.getProfile', profile, () => gmail.users.getProfile({ userId }));
  } catch (error) {
    // "Mail service not enabled": an account without Gmail still has drives and calendars.
    const code = error instanceof ProviderError ? error.failure.code : null;
    if (/^failed_?precondition$/i.test(code ?? '')) return;
    throw error;
  }
  const address = box.emailAddress.toLowerCase();
  const { labels } = await call(
    'gmail.labels.list',
    z.object({ labels: z.array(label).default([]) }),
    () => gmail.users.labels.list({ userId }),
  );
  yield [
    {
      kind: 'mailbox',
      providerId: address,
      parentProviderId: null,
      name: box.emailAddress,
      attributes: { messagesTotal: box.messagesTotal, threadsTotal: box.threadsTotal },
    },
    ...labels.map(
      (one): DiscoveredResource => ({
        kind: 'label',
        providerId: one.id,
        parentProviderId: address,
        name: labelName(one),
        attributes: { type: one.type, colour: one.color?.backgroundColor ?? null },
      }),
    ),
  ];
}

export async function* myDrive({ drive }: GoogleApis): Batches {
  const root = await call('drive.files.get', z.object({ id: z.string().min(1) }), () =>
    drive.files.get({ fileId: 'root', fields: 'id' }),
  );
  const { user, storageQuota } = await call('drive.about.get', about, () =>
    drive.about.get({ fields: 'user(emailAddress,displayName),storageQuota(limit,usage)' }),
  );
  yield [
    {
      kind: 'drive',
      providerId: root.id,
      parentProviderId: null,
      name: 'My Drive',
      attributes: {
        type: 'personal',
        owner: user.emailAddress ?? null,
        bytesUsed: Number(storageQuota?.usage ?? 0),
        bytesLimit: storageQuota?.limit ? Number(storageQuota.limit) : null,
      },
    },
  ];
}

type SharedDrive = z.output<typeof sharedDriveList>['drives'][number];

/** @param asAdministrator all of the organisation's, whether or not one is a member of them */
export async function* sharedDrives(
  { drive }: GoogleApis,
  asAdministrator = false,
): AsyncGenerator<readonly SharedDrive[], void> {
  const list = (pageToken: string | undefined) =>
    call('drive.drives.list', sharedDriveList, () =>
      drive.drives.list({
        pageSize: 100,
        ...(asAdministrator && { useDomainAdminAccess: true }),
        ...(pageToken && { pageToken }),
      }),
    );
  for await (const page of pages(list)) yield page.drives;
}

export function sharedDriveResource(one: SharedDrive): DiscoveredResource {
  return {
    kind: 'drive',
    providerId: one.id,
    parentProviderId: null,
    name: one.name,
    attributes: { type: 'shared', createdAt: one.createdTime ?? null },
  };
}

function fileResource(one: z.output<typeof file>): DiscoveredResource {
  return {
    kind: one.mimeType === folderType ? 'folder' : 'file',
    providerId: one.id,
    parentProviderId: one.parents[0] ?? one.driveId ?? null,
    name: one.name,
    attributes: {
      mimeType: one.mimeType,
      bytes: one.size === undefined ? null : Number(one.size),
      owner: one.owners[0]?.emailAddress ?? null,
      shared: one.shared ?? false,
      modifiedAt: one.modifiedTime ?? null,
      link: one.webViewLink ?? null,
    },
  };
}

/** My Drive, then the shared drives where the granted scopes let us list them. */
async function* drives(apis: GoogleApis, withShared: boolean): Batches {
  yield* myDrive(apis);
  if (!withShared) return;
  for await (const page of sharedDrives(apis)) yield page.map(sharedDriveResource);
}

async function* files(apis: GoogleApis, withShared: boolean): Batches {
  const { drive } = apis;
  const sharedDriveIds: string[] = [];
  if (withShared) {
    for await (const page of sharedDrives(apis)) sharedDriveIds.push(...page.map(({ id }) => id));
  }
  // One listing at a time: `allDrives` in one go may be incomplete (`incompleteSearch`).
  const corpora = [
    { corpora: 'user' },
    ...sharedDriveIds.map((driveId) => ({
      corpora: 'drive',
      driveId,
      includeItemsFromAllDrives: true,
      supportsAllDrives: true,
    })),
  ];
  for (const corpus of corpora) {
    const list = (pageToken: string | undefined) =>
      call('drive.files.list', fileList, () =>
        drive.files.list({
          ...corpus,
          q: 'trashed = false',
          orderBy: 'folder,name',
          pageSize: filePageSize,
          fields: fileFields,
          ...(pageToken && { pageToken }),
        }),
      );
    for await (const page of pages(list)) yield page.files.map(fileResource);
  }
}

export function calendarResource(one: z.output<typeof calendarEntry>): DiscoveredResource {
  return {
    kind: 'calendar',
    providerId: one.id,
    parentProviderId: null,
    name: one.summaryOverride ?? one.summary,
    attributes: {
      timeZone: one.timeZone ?? null,
      accessRole: one.accessRole ?? null,
      primary: one.primary,
      shown: one.selected,
      colour: one.backgroundColor ?? null,
      description: one.description ?? null,
    },
  };
}

async function* calendars(apis: GoogleApis): Batches {
  for await (const page of calendarPages(apis)) yield page.items.map(calendarResource);
}

export const googlePhases = ['mailbox', 'drives', 'files', 'calendars'] as const;

/**
 * Everything a Google account has: mailbox and labels, drives, files and folders, calendars.
 * @param withShared whether the granted scopes let us list shared drives
 */
export async function* discoverGoogle(
  apis: GoogleApis,
  withShared: boolean,
  { only = googlePhases, report = () => {} }: DiscoveryOptions = {},
): Batches {
  const batchesOf: Readonly<Record<(typeof googlePhases)[number], () => Batches>> = {
    mailbox: () => mailbox(apis),
    drives: () => drives(apis, withShared),
    files: () => files(apis, withShared),
    calendars: () => calendars(apis),
  };
  const wanted = googlePhases.filter((phase) => only.includes(phase));
  for (const phase of wanted) {
    let found = 0;
    for await (const batch of batchesOf[phase]()) {
      if (batch.length === 0) continue;
      yield batch;
      found += batch.length;
      await report({ phase, found, total: null, done: false });
    }
    await report({ phase, found, total: found, done: true });
  }
}
