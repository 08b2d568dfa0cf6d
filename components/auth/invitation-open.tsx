import { AuthShell } from '@/components/shell';
import { ButtonLink } from '@/components/ui';
import type { IdentityProvider } from '@/lib/auth/contract';
import type { ActionResult } from '@/lib/errors/contract';
import { type OpenInvitation, roleDescriptions } from '@/lib/tenancy/contract';
import { AcceptForm, JoinForm, OtherPersonForm } from './invitation-forms';
import { ProviderButtons, type ProviderSignIn } from './provider-buttons';

type Action<Input> = (input: Input) => Promise<ActionResult<unknown>>;

export interface InvitationOpenProps {
  token: string;
  invitation: OpenInvitation;
  signedInAs: string | undefined;
  providers: readonly IdentityProvider[];
  onProvider: ProviderSignIn;
  onAccept: Action<{ token: string }>;
  onJoin: Action<{ token: string; name: string; password: string }>;
  onSignOut: Action<{ token: string }>;
}

/** An invitation that can be accepted: as who is signed in, by signing in, or as somebody new. */
export function InvitationOpen(props: InvitationOpenProps) {
  const { token, invitation, signedInAs } = props;
  const { tenantName, inviter, role, email } = invitation;
  return (
    <AuthShell
      title={`Join ${tenantName}`}
      description={
        <>
          {inviter} invites <strong className="break-all font-medium text-text">{email}</strong> as{' '}
          <strong className="font-medium text-text">{role}</strong>: {lower(roleDescriptions[role])}
          .
        </>
      }
    >
      {signedInAs === email && <AcceptForm token={token} onAccept={props.onAccept} />}
      {signedInAs && signedInAs !== email && (
        <OtherPersonForm
          token={token}
          invited={email}
          signedInAs={signedInAs}
          onSignOut={props.onSignOut}
        />
      )}
      {!signedInAs && invitation.hasAccount && <SignInFirst token={token} email={email} />}
      {!signedInAs && !invitation.hasAccount && (
        <>
          <ProviderButtons
            providers={props.providers}
            next={`/invitations/${token}`}
            action={props.onProvider}
          />
          <JoinForm token={token} email={email} onJoin={props.onJoin} />
        </>
      )}
    </AuthShell>
  );
}

function SignInFirst({ token, email }: { token: string; email: string }) {
  const query = new URLSearchParams({ next: `/invitations/${token}`, email });
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">
        You have an account with this address. Sign in, and you come back here to accept.
      </p>
      <ButtonLink href={`/sign-in?${query}`} variant="primary" size="lg" block>
        Sign in to accept
      </ButtonLink>
    </div>
  );
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
