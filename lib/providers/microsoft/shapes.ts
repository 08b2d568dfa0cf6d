import { z } from 'zod';
import type { DiscoveredChange, DiscoveredResource } from '../contract';
import type { calendar } from './calendar';
import { channelRef } from './channels';

const removal = { '@removed': z.object({}).nullish() };

export const user = z.object({
  ...removal,
  id: z.string().min(1),
  displayName: z.string().nullish(),
  mail: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
  userType: z.string().nullish(),
  jobTitle: z.string().nullish(),
});
export const userFields = 'id,displayName,mail,userPrincipalName,accountEnabled,userType,jobTitle';

export const mailFolder = z.object({
  ...removal,
  id: z.string().min(1),
  displayName: z.string().nullish(),
  parentFolderId: z.string().nullish(),
  totalItemCount: z.number().int().nullish(),
  isHidden: z.boolean().nullish(),
});
export const mailFolderFields = 'id,displayName,parentFolderId,totalItemCount,isHidden';

export const drive = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  driveType: z.string().nullish(),
  webUrl: z.string().nullish(),
  owner: z
    .object({
      user: z.object({ displayName: z.string().nullish(), email: z.string().nullish() }).nullish(),
    })
    .nullish(),
  quota: z.object({ used: z.number().nullish(), total: z.number().nullish() }).nullish(),
});
export const driveFields = 'id,name,driveType,webUrl,owner,quota';

export const driveItem = z.object({
  id: z.string().min(1),
  name: z.string().default(''),
  size: z.number().nullish(),
  webUrl: z.string().nullish(),
  lastModifiedDateTime: z.string().nullish(),
  parentReference: z.object({ id: z.string().nullish() }).nullish(),
  file: z.object({ mimeType: z.string().nullish() }).nullish(),
  folder: z.object({}).nullish(),
  root: z.object({}).nullish(),
  deleted: z.object({}).nullish(),
  shared: z.object({}).nullish(),
});
export const driveItemFields =
  'id,name,size,webUrl,lastModifiedDateTime,parentReference,file,folder,root,deleted,shared';

export const site = z.object({
  id: z.string().min(1),
  displayName: z.string().nullish(),
  name: z.string().nullish(),
  webUrl: z.string().nullish(),
  isPersonalSite: z.boolean().nullish(),
});
export const siteFields = 'id,displayName,name,webUrl,isPersonalSite';

export const team = z.object({
  id: z.string().min(1),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
});
export const teamFields = 'id,displayName,description';

export const channel = z.object({
  id: z.string().min(1),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  membershipType: z.string().nullish(),
  webUrl: z.string().nullish(),
});
export const channelFields = 'id,displayName,description,membershipType,webUrl';

type User = z.output<typeof user>;

/** What a person's mail goes to; null where there is no mailbox to look for. */
export function mailAddress({ mail, userType }: User): string | null {
  return userType === 'Guest' || !mail ? null : mail.toLowerCase();
}

export function userChange(one: User, scope: string): DiscoveredChange {
  if (one['@removed']) return { kind: 'user', providerId: one.id, removed: true };
  return {
    kind: 'user',
    providerId: one.id,
    parentProviderId: null,
    name: one.displayName || one.userPrincipalName || one.id,
    attributes: {
      mail: one.mail?.toLowerCase() ?? null,
      signsInAs: one.userPrincipalName?.toLowerCase() ?? null,
      enabled: one.accountEnabled ?? null,
      guest: one.userType === 'Guest',
      jobTitle: one.jobTitle ?? null,
    },
    scope,
  };
}

export function mailboxResource(address: string, owner: string | null): DiscoveredResource {
  return {
    kind: 'mailbox',
    providerId: address,
    parentProviderId: owner,
    name: address,
    attributes: {},
  };
}

export function mailFolderChange(
  one: z.output<typeof mailFolder>,
  mailbox: string,
  scope: string,
): DiscoveredChange {
  if (one['@removed']) return { kind: 'folder', providerId: one.id, removed: true };
  return {
    kind: 'folder',
    providerId: one.id,
    parentProviderId: mailbox,
    name: one.displayName || '(no name)',
    attributes: {
      type: 'mail',
      parentFolder: one.parentFolderId ?? null,
      messages: one.totalItemCount ?? null,
    },
    scope,
  };
}

export function driveResource(
  one: z.output<typeof drive>,
  parent: string | null,
): DiscoveredResource {
  const isPersonal = one.driveType !== 'documentLibrary';
  const owner = one.owner?.user;
  return {
    kind: 'drive',
    providerId: one.id,
    parentProviderId: parent,
    name:
      isPersonal && owner?.displayName
        ? `OneDrive of ${owner.displayName}`
        : one.name || 'OneDrive',
    attributes: {
      type: isPersonal ? 'personal' : 'library',
      owner: owner?.email?.toLowerCase() ?? null,
      bytesUsed: one.quota?.used ?? null,
      bytesLimit: one.quota?.total ?? null,
      link: one.webUrl ?? null,
    },
  };
}

/** @param root id of the drive's root folder, for which the drive itself stands */
export function driveItemChanges(
  one: z.output<typeof driveItem>,
  {
    drive: driveId,
    root,
    scope,
  }: { readonly drive: string; readonly root: string; readonly scope: string },
): DiscoveredChange[] {
  if (one.root || one.id === root) return [];
  if (one.deleted) {
    // Microsoft does not always say which of the two it was.
    return (['folder', 'file'] as const).map((kind) => ({
      kind,
      providerId: one.id,
      removed: true,
    }));
  }
  const parent = one.parentReference?.id ?? null;
  return [
    {
      kind: one.folder ? 'folder' : 'file',
      providerId: one.id,
      parentProviderId: parent === root ? driveId : parent,
      name: one.name,
      attributes: {
        mimeType: one.file?.mimeType ?? null,
        bytes: one.size ?? null,
        shared: Boolean(one.shared),
        modifiedAt: one.lastModifiedDateTime ?? null,
        link: one.webUrl ?? null,
      },
      scope,
    },
  ];
}

export function siteResource(one: z.output<typeof site>): DiscoveredResource {
  return {
    kind: 'site',
    providerId: one.id,
    parentProviderId: null,
    name: one.displayName || one.name || one.id,
    attributes: { link: one.webUrl ?? null },
  };
}

export function calendarResource(
  one: z.output<typeof calendar>,
  mailbox: string | null,
): DiscoveredResource {
  return {
    kind: 'calendar',
    providerId: one.id,
    parentProviderId: mailbox,
    name: one.name || 'Calendar',
    attributes: {
      primary: one.isDefaultCalendar ?? false,
      canEdit: one.canEdit ?? false,
      owner: one.owner?.address?.toLowerCase() ?? null,
      colour: one.hexColor || null,
    },
  };
}

export function teamResource(one: z.output<typeof team>): DiscoveredResource {
  return {
    kind: 'team',
    providerId: one.id,
    parentProviderId: null,
    name: one.displayName || one.id,
    attributes: { description: one.description ?? null },
  };
}

export function channelResource(one: z.output<typeof channel>, teamId: string): DiscoveredResource {
  return {
    kind: 'channel',
    providerId: channelRef(teamId, one.id),
    parentProviderId: teamId,
    name: one.displayName || one.id,
    attributes: {
      description: one.description ?? null,
      private: one.membershipType === 'private',
      link: one.webUrl ?? null,
    },
  };
}
