import { signOut } from '@/app/(site)/sign-in/actions';
import { AdminShell, type NavItem } from '@/components/shell';
import { type StaffContext, staffLayout } from '@/lib/access';
import { countOpenAlerts } from '@/lib/alerts';
import { showsOutbox } from '@/lib/mail';
import { countApprovals } from '@/lib/two-persons';

/** The places of the console, with how many alerts and approvals wait for somebody. */
async function places(staff: StaffContext): Promise<readonly NavItem[]> {
  return [
    { id: 'admin-overview' },
    { id: 'admin-tenants' },
    { id: 'admin-alerts', count: await countOpenAlerts() },
    { id: 'admin-connections' },
    { id: 'admin-runs' },
    { id: 'admin-engine' },
    { id: 'admin-approvals', count: await countApprovals(staff) },
    { id: 'admin-reconsent' },
    { id: 'admin-support' },
    { id: 'admin-streams' },
    { id: 'admin-exports' },
    { id: 'admin-deletions' },
    { id: 'admin-access-log' },
    { id: 'admin-audit' },
    { id: 'admin-doctor' },
    { id: 'admin-queries' },
    ...(staff.role === 'platform_admin'
      ? ([{ id: 'admin-staff' }, { id: 'admin-looks' }] as const)
      : []),
    ...(showsOutbox() ? [{ id: 'admin-outbox' } as const] : []),
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
