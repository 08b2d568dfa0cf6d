import { Workspace } from '@/components/auth/workspace';
import { tenantLayout } from '@/lib/access';
import { env } from '@/lib/env';
import { organisationsOf } from '@/lib/tenancy';
import { signOut } from '../(site)/sign-in/actions';
import { switchOrganisation } from './actions';

export default tenantLayout(async ({ context, children }) => {
  const organisations = await organisationsOf(context.userId);
  return (
    <Workspace
      organisation={{ id: context.tenantId, name: context.tenantName }}
      organisations={organisations.filter(({ state }) => state === 'active')}
      person={{ name: context.actor.name, email: context.email, role: context.role }}
      demo={env.GOOGLE_EMULATOR_URL !== undefined}
      onSwitch={switchOrganisation}
      onSignOut={signOut}
    >
      {children}
    </Workspace>
  );
});
