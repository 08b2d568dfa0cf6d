import { z } from 'zod';
import type { ExternalGrant, ExternallySharedFile, FileActions } from '../provider';
import { call, type GoogleApis, pages } from './transport';

const permission = z.object({
  type: z.string(),
  role: z.string(),
  emailAddress: z.string().optional(),
  domain: z.string().optional(),
  deleted: z.boolean().optional(),
});

const sharedFile = z.object({
  id: z.string().min(1),
  name: z.string(),
  mimeType: z.string(),
  webViewLink: z.string().optional(),
  modifiedTime: z.iso.datetime({ offset: true }).optional(),
  owners: z.array(z.object({ emailAddress: z.string().optional() })).default([]),
  permissions: z.array(permission).default([]),
});

const sharedFileList = z.object({
  files: z.array(sharedFile),
  nextPageToken: z.string().optional(),
});

const fields =
  'nextPageToken,files(id,name,mimeType,webViewLink,modifiedTime,owners/emailAddress,' +
  'permissions(type,role,emailAddress,domain,deleted))';
/** Permissions make an entry large, so fewer at once than the 1,000 that Drive allows. */
const pageSize = 200;

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

function externalGrant(
  { type, role, emailAddress, domain, deleted }: z.output<typeof permission>,
  own: ReadonlySet<string>,
): ExternalGrant | null {
  if (deleted) return null;
  switch (type) {
    case 'anyone':
      return { with: 'anyone', target: null, role };
    case 'domain':
      return domain && !own.has(domain.toLowerCase())
        ? { with: 'domain', target: domain, role }
        : null;
    default: {
      if (!emailAddress || own.has(domainOf(emailAddress))) return null;
      return { with: type === 'group' ? 'group' : 'person', target: emailAddress, role };
    }
  }
}

function externallyShared(
  file: z.output<typeof sharedFile>,
  own: ReadonlySet<string>,
): ExternallySharedFile[] {
  const grants = file.permissions
    .map((one) => externalGrant(one, own))
    .filter((grant) => grant !== null);
  if (grants.length === 0) return [];
  return [
    {
      id: file.id,
      name: file.name,
      mimeType: file.mimeType,
      link: file.webViewLink ?? null,
      modifiedAt: file.modifiedTime ? new Date(file.modifiedTime) : null,
      owner: file.owners[0]?.emailAddress ?? null,
      grants,
    },
  ];
}

/** Google Drive, for the account behind the transport. */
export function googleFiles({ drive }: GoogleApis): FileActions {
  return {
    async *externallySharedFiles(ownDomains) {
      const own = new Set(ownDomains.map((domain) => domain.toLowerCase()));
      const list = (pageToken: string | undefined) =>
        call('drive.files.list', sharedFileList, () =>
          drive.files.list({
            // `visibility` finds links only: a file shared with one stranger counts as `limited`.
            q: "'me' in owners and trashed = false",
            pageSize,
            fields,
            ...(pageToken && { pageToken }),
          }),
        );
      for await (const page of pages(list)) {
        const found = page.files.flatMap((file) => externallyShared(file, own));
        if (found.length > 0) yield found;
      }
    },
  };
}
