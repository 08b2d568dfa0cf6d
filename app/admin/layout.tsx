import { signOut } from '@/app/(site)/sign-in/actions';
import { AdminShell, type NavItem } from '@/components/shell';
import { staffLayout } from '@/lib/access';
import { showsOutbox } from '@/lib/mail';

const nav: readonly NavItem[] = [{ id: 'admin-tenants' }, { id: 'admin-audit' }];

const roleLabels = { support: 'Support', platform_admin: 'Platform admin' } as const;

export default staffLayout(async ({ staff, children }) => (
  <AdminShell
    person={{ name: staff.name, email: staff.email, role: roleLabels[staff.role] }}
    nav={showsOutbox() ? [...nav, { id: 'admin-outbox' }] : nav}
    onSignOut={signOut}
  >
    {children}
  </AdminShell>
));
