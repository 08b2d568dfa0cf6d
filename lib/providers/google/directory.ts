import { z } from 'zod';
import type { DiscoveredResource } from '../contract';
import type { ProviderAccount } from '../provider';
import { call, type GoogleApis, pages } from './transport';

const directoryUser = z.object({
  id: z.string().min(1),
  primaryEmail: z.string().includes('@'),
  name: z.object({ fullName: z.string().optional() }).optional(),
  isAdmin: z.boolean().default(false),
  suspended: z.boolean().default(false),
  archived: z.boolean().default(false),
  /** Whether the person has Gmail. */
  isMailboxSetup: z.boolean().default(true),
  orgUnitPath: z.string().optional(),
  creationTime: z.string().optional(),
});
export type DirectoryUser = z.output<typeof directoryUser>;

const userFields =
  'id,primaryEmail,name/fullName,isAdmin,suspended,archived,isMailboxSetup,orgUnitPath,creationTime';

const userList = z.object({
  users: z.array(directoryUser).default([]),
  nextPageToken: z.string().optional(),
});

const customer = z.object({
  id: z.string().min(1),
  customerDomain: z.string().min(1),
  postalAddress: z.object({ organizationName: z.string().optional() }).optional(),
});

/** The Directory's most; a person is about 300 bytes. */
const pageSize = 500;

/** The organisation's people, page by page, in the order of their addresses. */
export async function* directoryPeople({ directory }: GoogleApis): AsyncGenerator<DirectoryUser[]> {
  const list = (pageToken: string | undefined) =>
    call('directory.users.list', userList, () =>
      directory.users.list({
        customer: 'my_customer',
        maxResults: pageSize,
        orderBy: 'email',
        fields: `nextPageToken,users(${userFields})`,
        ...(pageToken && { pageToken }),
      }),
    );
  for await (const page of pages(list)) yield page.users;
}

/** One person, by mail address. @throws ProviderError `not_found`, `forbidden` */
export function directoryPerson({ directory }: GoogleApis, address: string) {
  return call('directory.users.get', directoryUser, () =>
    directory.users.get({ userKey: address, fields: userFields }),
  );
}

/** The organisation that the administrator belongs to. */
export async function organizationOf({ directory }: GoogleApis): Promise<ProviderAccount> {
  const { id, customerDomain, postalAddress } = await call(
    'directory.customers.get',
    customer,
    () =>
      directory.customers.get({
        customerKey: 'my_customer',
        fields: 'id,customerDomain,postalAddress/organizationName',
      }),
  );
  return {
    accountId: id,
    email: null,
    name: postalAddress?.organizationName || customerDomain,
    organizationId: customerDomain.toLowerCase(),
  };
}

export function personResource(person: DirectoryUser): DiscoveredResource {
  return {
    kind: 'user',
    providerId: person.id,
    parentProviderId: null,
    name: person.name?.fullName || person.primaryEmail,
    attributes: {
      email: person.primaryEmail.toLowerCase(),
      administrator: person.isAdmin,
      suspended: person.suspended || person.archived,
      unit: person.orgUnitPath ?? null,
      createdAt: person.creationTime ?? null,
    },
  };
}
