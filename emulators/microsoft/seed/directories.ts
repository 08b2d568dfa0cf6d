import { type Organisation, organisations } from '../../google/seed/organisations';
import { randomFrom } from '../../google/seed/random';
import { directoryRoles } from '../permissions';
import type { User } from '../state';

/** A directory of the demo: the people of an organisation, and who may decide for it. */
export interface SeedDirectory {
  readonly tid: string;
  readonly organisation: Organisation;
  readonly extra: readonly { user: string; name: string; title: string }[];
  /** Directory roles, by the part of the address before the `@`. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** Accounts that have no mailbox. */
  readonly unlicensed: readonly string[];
}

function organisationOf(domain: string): Organisation {
  const found = organisations.find((one) => one.domain === domain);
  if (!found) throw new Error(`There is no organisation ${domain}.`);
  return found;
}

export const seedDirectories: readonly SeedDirectory[] = [
  {
    tid: '6f2c1b84-0a5d-4e37-9c41-2b8f7d3e5a10',
    organisation: organisationOf('northwind.example'),
    extra: [
      { user: 'grace', name: 'Grace Okoye', title: 'IT support' },
      { user: 'scanner', name: 'Warehouse Scanner', title: 'Device account' },
    ],
    roles: {
      olivia: [directoryRoles.globalAdministrator],
      grace: [directoryRoles.cloudApplicationAdministrator, directoryRoles.helpdeskAdministrator],
    },
    unlicensed: ['scanner'],
  },
  {
    tid: 'b93e7a52-4d18-4c6f-8e02-71a5c0d94f36',
    organisation: organisationOf('fabrikam.example'),
    extra: [],
    roles: { omar: [directoryRoles.globalAdministrator] },
    unlicensed: [],
  },
];

/** An id that is always the same for the same name. */
export function guidFor(name: string): string {
  const id = randomFrom(name).id(32, '0123456789abcdef');
  const parts = [id.slice(0, 8), id.slice(8, 12), `4${id.slice(13, 16)}`, `a${id.slice(17, 20)}`];
  return [...parts, id.slice(20)].join('-');
}

function userOf(directory: SeedDirectory, user: string, name: string, title: string): User {
  const upn = `${user}@${directory.organisation.domain}`;
  const [givenName = '', ...rest] = name.split(' ');
  return {
    oid: guidFor(upn),
    upn,
    displayName: name,
    givenName,
    surname: rest.join(' '),
    jobTitle: title,
    roles: directory.roles[user] ?? [],
    licensed: !directory.unlicensed.includes(user),
  };
}

/** Everybody of a directory. @param count how many at least; the missing ones are made up */
export function peopleOf(directory: SeedDirectory, count: number): User[] {
  const known = [...directory.organisation.people, ...directory.extra].map(
    ({ user, name, title }) => userOf(directory, user, name, title),
  );
  const missing = Math.max(0, count - known.length);
  const others = Array.from({ length: missing }, (_, index) => {
    const number = String(index + 1).padStart(5, '0');
    return userOf(directory, `person-${number}`, `Person ${number}`, 'Staff');
  });
  return [...known, ...others];
}
