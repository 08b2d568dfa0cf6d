import { Workspace } from '@/components/auth/workspace';
import { DeletionNotice, toSettings } from '@/components/lifecycle/deletion-notice';
import { SupportBanner } from '@/components/support/support-banner';
import { SupportNotice } from '@/components/support/support-notice';
import { tenantLayout } from '@/lib/access';
import { env } from '@/lib/env';
import { pendingDeletion } from '@/lib/lifecycle';
import { supportNow } from '@/lib/support';
import { can, organisationsOf } from '@/lib/tenancy';
import { signOut } from '../(site)/sign-in/actions';
import { stopSession } from '../admin/tenants/[tenantId]/support/actions';
import { switchOrganisation } from './actions';
import { endNow } from './settings/support/actions';

/** The page on which the stand-ins can be broken; undefined without any. Each leads to the others. */
function faultPage(): string | undefined {
  const standIn = env.GOOGLE_EMULATOR_URL ?? env.MICROSOFT_EMULATOR_URL ?? env.SLACK_EMULATOR_URL;
  return standIn && new URL('/__', standIn).href;
}

export default tenantLayout(async ({ context, children }) => {
  const { support } = context;
  const organisation = { id: context.tenantId, name: context.tenantName };
  const [deletion, organisations, now] = await Promise.all([
    pendingDeletion(context),
    support ? [] : organisationsOf(context.userId),
    support ? null : supportNow(context),
  ]);
  return (
    <Workspace
      organisation={organisation}
      organisations={organisations.filter(({ state }) => state === 'active')}
      person={{ name: context.actor.name, email: context.email, role: context.role }}
      faultPage={faultPage()}
      onSwitch={switchOrganisation}
      onSignOut={signOut}
      support={
        support && (
          <SupportBanner organisation={organisation} session={support} onStop={stopSession} />
        )
      }
      notice={
        now && (
          <SupportNotice first={now} onEnd={can(context.role, 'tenant:manage') ? endNow : null} />
        )
      }
    >
      {deletion && (
        <DeletionNotice
          deletion={deletion}
          organisation={context.tenantName}
          action={can(context.role, 'tenant:manage') ? toSettings : undefined}
        />
      )}
      {children}
    </Workspace>
  );
});
