import { z } from 'zod';
import { ProviderError } from '../contract';
import type { ExternalGrant, ExternallySharedFile, FileActions } from '../provider';
import { batchSize, readBatch } from './batch';
import { type Graph, listing } from './graph';

const read = ['Files.Read', 'Files.Read.All', 'Sites.Read.All'] as const;

const item = z.object({
  id: z.string().min(1),
  name: z.string().default(''),
  webUrl: z.string().nullish(),
  lastModifiedDateTime: z.iso.datetime({ offset: true }).nullish(),
  file: z.object({ mimeType: z.string().nullish() }).nullish(),
  folder: z.object({}).nullish(),
  deleted: z.object({}).nullish(),
  /** Only on what is shared with somebody. */
  shared: z.object({}).nullish(),
  createdBy: z.object({ user: z.object({ email: z.string().nullish() }).nullish() }).nullish(),
});
const itemFields = 'id,name,webUrl,lastModifiedDateTime,file,folder,deleted,shared,createdBy';

const identity = z.object({
  user: z.object({ email: z.string().nullish() }).nullish(),
  siteUser: z.object({ email: z.string().nullish(), loginName: z.string().nullish() }).nullish(),
  group: z.object({ email: z.string().nullish() }).nullish(),
});
type Identity = z.output<typeof identity>;

const permission = z.object({
  roles: z.array(z.string()).default([]),
  link: z.object({ scope: z.string().nullish(), type: z.string().nullish() }).nullish(),
  invitation: z.object({ email: z.string().nullish() }).nullish(),
  grantedToV2: identity.nullish(),
  grantedToIdentitiesV2: z.array(identity).default([]),
});
type Permission = z.output<typeof permission>;

type Item = z.output<typeof item>;

/** Guests of the directory have an address of their own in it: `vera_fabrikam.example#ext#@…`. */
const guest = /^(.+)_([^_]+)#ext#/i;

function addressOf({ user, siteUser, group }: Identity): string | null {
  const login = siteUser?.loginName?.split('|').at(-1) ?? '';
  const [, name, domain] = guest.exec(login) ?? [];
  if (name && domain) return `${name}@${domain}`;
  return user?.email ?? siteUser?.email ?? group?.email ?? null;
}

function externalGrants(
  { roles, link, invitation, grantedToV2, grantedToIdentitiesV2 }: Permission,
  own: ReadonlySet<string>,
): ExternalGrant[] {
  const role = link?.type ?? roles.join(', ');
  if (link?.scope === 'anonymous') return [{ with: 'anyone', target: null, role }];
  if (link?.scope === 'organization') return [];
  const identities = [...(grantedToV2 ? [grantedToV2] : []), ...grantedToIdentitiesV2];
  const people = identities.map((one) => ({ target: addressOf(one), isGroup: !!one.group }));
  if (invitation?.email) people.push({ target: invitation.email, isGroup: false });
  return people.flatMap(({ target, isGroup }): ExternalGrant[] => {
    const domain = target?.slice(target.lastIndexOf('@') + 1).toLowerCase();
    if (!target || !domain || own.has(domain)) return [];
    return [{ with: isGroup ? 'group' : 'person', target, role }];
  });
}

/** Each way in is listed once, however many permissions say so. */
function distinct(grants: readonly ExternalGrant[]): ExternalGrant[] {
  return [...new Map(grants.map((one) => [JSON.stringify(one), one])).values()];
}

/** OneDrive, of one person. @param base `/me`, or what stands for one of an organisation's people */
export function microsoftFiles(graph: Graph, base: string): FileActions {
  async function sharedOutside(items: readonly Item[], own: ReadonlySet<string>) {
    const found: ExternallySharedFile[] = [];
    const reads = items.map(({ id }) => ({
      path: `${base}/drive/items/${encodeURIComponent(id)}/permissions`,
      shape: listing(permission),
      takes: read,
    }));
    const answers = await readBatch(graph, reads);
    for (const [at, one] of items.entries()) {
      const answer = answers[at];
      // Gone or closed to us meanwhile.
      if (!answer?.ok) continue;
      const grants = distinct(answer.value.value.flatMap((given) => externalGrants(given, own)));
      if (grants.length > 0) found.push(sharedFile(one, grants));
    }
    return found;
  }

  return {
    async *externallySharedFiles(ownDomains) {
      const own = new Set(ownDomains.map((domain) => domain.toLowerCase()));
      const pages = graph.pages(`${base}/drive/root/delta`, item, {
        query: { $select: itemFields, $top: 200 },
        takes: read,
      });
      try {
        for await (const { items } of pages) {
          const shared = items.filter((one) => one.shared && !one.deleted);
          for (let at = 0; at < shared.length; at += batchSize) {
            const found = await sharedOutside(shared.slice(at, at + batchSize), own);
            if (found.length > 0) yield found;
          }
        }
      } catch (error) {
        // An account without a OneDrive shares nothing.
        if (!(error instanceof ProviderError && error.kind === 'not_found')) throw error;
      }
    },
  };
}

function sharedFile(one: Item, grants: readonly ExternalGrant[]): ExternallySharedFile {
  return {
    id: one.id,
    name: one.name,
    mimeType: one.folder ? 'folder' : (one.file?.mimeType ?? ''),
    link: one.webUrl ?? null,
    modifiedAt: one.lastModifiedDateTime ? new Date(one.lastModifiedDateTime) : null,
    owner: one.createdBy?.user?.email ?? null,
    grants,
  };
}
