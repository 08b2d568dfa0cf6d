import { AuthShell } from '@/components/shell';
import { ButtonLink, Callout } from '@/components/ui';
import type { ClosedInvitation } from '@/lib/tenancy/contract';

export interface InvitationFaultProps {
  invitation: ClosedInvitation;
  signedInAs: string | undefined;
}

interface Words {
  readonly title: string;
  readonly callout: string;
  readonly text: string;
}

function wordsFor(invitation: ClosedInvitation): Words {
  switch (invitation.state) {
    case 'unknown':
      return {
        title: 'This invitation was not found',
        callout: 'The link does not fit an invitation',
        text: 'Part of it may be missing. Open it from the mail again, or copy all of it. If that does not help, ask for a new invitation.',
      };
    case 'suspended':
      return {
        title: 'This invitation waits',
        callout: 'The organisation is suspended',
        text: 'Nobody can join it for now. The invitation stays as it is; try again later, or ask who invited you.',
      };
    case 'expired':
      return {
        title: 'This invitation has expired',
        callout: `${invitation.inviter} invited you to ${invitation.tenantName}`,
        text: 'Invitations are open for seven days. Ask for a new one: your role is remembered there, and nothing is lost.',
      };
    case 'revoked':
      return {
        title: 'This invitation was withdrawn',
        callout: `It was for ${invitation.tenantName}`,
        text: 'It was taken back, or a newer one took its place: look for a later mail. Otherwise ask for a new invitation.',
      };
    case 'accepted':
      return {
        title: 'This invitation has been used',
        callout: `It has been accepted as ${invitation.email}`,
        text: `An invitation works once. If that was you, go on to ${invitation.tenantName}; if it was not, tell ${invitation.inviter}.`,
      };
  }
}

/** Why an invitation cannot be accepted, and what to do instead. */
export function InvitationFault({ invitation, signedInAs }: InvitationFaultProps) {
  const { title, callout, text } = wordsFor(invitation);
  return (
    <AuthShell title={title}>
      <div className="flex flex-col gap-5">
        <Callout tone={invitation.state === 'accepted' ? 'info' : 'warning'} title={callout}>
          {text}
        </Callout>
        {signedInAs ? (
          <ButtonLink href="/overview" variant="primary" size="lg" block>
            Go to your overview
          </ButtonLink>
        ) : (
          <ButtonLink href="/sign-in" variant="primary" size="lg" block>
            Sign in
          </ButtonLink>
        )}
      </div>
    </AuthShell>
  );
}
