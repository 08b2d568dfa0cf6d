import { signOut } from '@/app/(site)/sign-in/actions';
import { AdminShell, type NavItem } from '@/components/shell';
import { type StaffContext, staffLayout } from '@/lib/access';
import { countOpenAlerts } from '@/lib/alerts';
import { showsOutbox } from '@/lib/mail';
import { countApprovals } from '@/lib/two-persons';

const shownIf = (shown: boolean, id: NavItem['id']): readonly NavItem[] => (shown ? [{ id }] : []);

/** The places of the console, with how many alerts and approvals wait for somebody. */
async function places(staff: StaffContext): Promise<readonly NavItem[]> {
  return [
    { id: 'admin-overview' },
    { id: 'admin-tenants' },
    { id: 'admin-alerts', count: await countOpenAlerts() },
    { id: 'admin-approvals', count: await countApprovals(staff) },
    { id: 'admin-connections' },
    { id: 'admin-reconsent' },
    { id: 'admin-runs' },
    { id: 'admin-streams' },
    { id: 'admin-exports' },
    { id: 'admin-support' },
    { id: 'admin-deletions' },
    { id: 'admin-audit' },
    { id: 'admin-access-log' },
    ...shownIf(staff.role === 'platform_admin', 'admin-looks'),
    { id: 'admin-engine' },
    { id: 'admin-doctor' },
    { id: 'admin-queries' },
    ...shownIf(staff.role === 'platform_admin', 'admin-staff'),
    ...shownIf(showsOutbox(), 'admin-outbox'),
  ];
}

const roleLabels = { support: 'Support', platform_admin: 'Platform admin' } as const;

export default staffLayout(async ({ staff, children }) => (
  <AdminShell
    person={{ name: staff.name, email: staff.email, role: roleLabels[staff.role] }}
    nav={await places(staff)}
    onSignOut={signOut}
  >
    {children}
  </AdminShell>
));
