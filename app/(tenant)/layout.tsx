import { Workspace } from '@/components/auth/workspace';
import { tenantLayout } from '@/lib/access';
import { env } from '@/lib/env';
import { organisationsOf } from '@/lib/tenancy';
import { signOut } from '../(site)/sign-in/actions';
import { switchOrganisation } from './actions';

/** The page on which the stand-ins can be broken; undefined without any. Each leads to the others. */
function faultPage(): string | undefined {
  const standIn = env.GOOGLE_EMULATOR_URL ?? env.MICROSOFT_EMULATOR_URL ?? env.SLACK_EMULATOR_URL;
  return standIn && new URL('/__', standIn).href;
}

export default tenantLayout(async ({ context, children }) => {
  const organisations = await organisationsOf(context.userId);
  return (
    <Workspace
      organisation={{ id: context.tenantId, name: context.tenantName }}
      organisations={organisations.filter(({ state }) => state === 'active')}
      person={{ name: context.actor.name, email: context.email, role: context.role }}
      faultPage={faultPage()}
      onSwitch={switchOrganisation}
      onSignOut={signOut}
    >
      {children}
    </Workspace>
  );
});
