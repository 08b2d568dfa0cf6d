import { addressOf, organisations } from '@/emulators/google/seed/organisations';

/** One password for everybody in the demo: it is printed at every start and opens nothing else. */
export const demoPassword = 'welcome-to-the-demo';

export interface DemoMember {
  readonly name: string;
  readonly email: string;
}

export interface DemoTenant {
  readonly name: string;
  readonly owner: DemoMember;
  readonly viewer: DemoMember;
}

/** The organisations of the stand-in for Google, so that their people find their own mail there. */
export const demoTenants: readonly DemoTenant[] = organisations.slice(0, 2).map((organisation) => {
  const [owner, viewer] = organisation.people.map((person) => ({
    name: person.name,
    email: addressOf(organisation, person),
  }));
  if (!owner || !viewer) throw new Error(`${organisation.name} needs two people.`);
  return { name: organisation.name, owner, viewer };
});

export const demoSupport: DemoMember = { name: 'Sam Okafor', email: 'sam@support.example' };
export const demoAdmin: DemoMember = { name: 'Paula Lindqvist', email: 'paula@support.example' };
export const demoSecondAdmin: DemoMember = { name: 'Amir Haddad', email: 'amir@support.example' };

/** Staff of the demo. Two are platform admins: what one asks for, the other approves. */
export const demoStaff = [
  { ...demoSupport, role: 'support', what: 'support person' },
  { ...demoAdmin, role: 'platform_admin', what: 'platform admin' },
  { ...demoSecondAdmin, role: 'platform_admin', what: 'another platform admin' },
] as const;

/** The people as lines for the terminal. */
export function demoLines(appUrl: string): string[] {
  const members = demoTenants.flatMap(({ name, owner, viewer }) => [
    [owner.email, `owner of ${name}`],
    [viewer.email, `viewer of ${name}`],
  ]);
  const staff = demoStaff.map(({ email, what }) => [email, `${what}, at ${appUrl}/admin`]);
  return [
    ...[...members, ...staff].map(([email = '', what]) => `    ${email.padEnd(26)} ${what}`),
    '    Staff are asked for a code beside the password; a stand-in for their app shows it there.',
  ];
}
