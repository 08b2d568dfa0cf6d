import { signOut } from '@/app/(site)/sign-in/actions';
import { AdminShell, type NavItem } from '@/components/shell';
import { staffLayout } from '@/lib/access';
import { countOpenAlerts } from '@/lib/alerts';
import { showsOutbox } from '@/lib/mail';

/** The places of the console, with how many alerts wait for somebody. */
async function places(): Promise<readonly NavItem[]> {
  return [
    { id: 'admin-overview' },
    { id: 'admin-tenants' },
    { id: 'admin-alerts', count: await countOpenAlerts() },
    { id: 'admin-runs' },
    { id: 'admin-engine' },
    { id: 'admin-reconsent' },
    { id: 'admin-deletions' },
    { id: 'admin-access-log' },
    { id: 'admin-audit' },
    { id: 'admin-doctor' },
    { id: 'admin-queries' },
    ...(showsOutbox() ? [{ id: 'admin-outbox' } as const] : []),
  ];
}

const roleLabels = { support: 'Support', platform_admin: 'Platform admin' } as const;

export default staffLayout(async ({ staff, children }) => (
  <AdminShell
    person={{ name: staff.name, email: staff.email, role: roleLabels[staff.role] }}
    nav={await places()}
    onSignOut={signOut}
  >
    {children}
  </AdminShell>
));
