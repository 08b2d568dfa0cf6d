/** One password for everybody in the demo: it is printed at every start and opens nothing else. */
export const demoPassword = 'welcome-to-the-demo';

export interface DemoPerson {
  readonly name: string;
  readonly email: string;
  /** What they are, for the list that is printed. */
  readonly role: 'owner' | 'viewer' | 'support';
  /** The organisation they belong to; staff belong to none. */
  readonly tenant?: string;
}

export const demoPeople: readonly DemoPerson[] = [
  {
    name: 'Olivia Hart',
    email: 'olivia@northwind.example',
    role: 'owner',
    tenant: 'Northwind Traders',
  },
  {
    name: 'Victor Lindqvist',
    email: 'victor@northwind.example',
    role: 'viewer',
    tenant: 'Northwind Traders',
  },
  { name: 'Fiona Castell', email: 'fiona@fabrikam.example', role: 'owner', tenant: 'Fabrikam' },
  { name: 'Felix Amari', email: 'felix@fabrikam.example', role: 'viewer', tenant: 'Fabrikam' },
  { name: 'Sam Okafor', email: 'sam@support.example', role: 'support' },
];

/** The people as lines for the terminal. */
export function demoLines(appUrl: string): string[] {
  return demoPeople.map(({ email, role, tenant }) => {
    const what = tenant ? `${role} of ${tenant}` : `support person, at ${appUrl}/admin`;
    return `    ${email.padEnd(26)} ${what}`;
  });
}
