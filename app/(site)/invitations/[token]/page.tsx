import type { Metadata } from 'next';
import { z } from 'zod';
import { InvitationFault } from '@/components/auth/invitation-fault';
import { InvitationOpen } from '@/components/auth/invitation-open';
import { publicPage } from '@/lib/access';
import { configuredProviders, currentPerson } from '@/lib/auth';
import { viewInvitation } from '@/lib/tenancy';
import { signInWithProvider } from '../../sign-in/actions';
import { acceptInvitation, joinWithNewAccount, signOutForInvitation } from './actions';

export const metadata: Metadata = { title: 'Invitation' };

const params = z.object({ token: z.string() });

export default publicPage({ params }, async ({ params: { token } }) => {
  const [invitation, person] = await Promise.all([viewInvitation(token), currentPerson()]);
  if (invitation.state !== 'open') {
    return <InvitationFault invitation={invitation} signedInAs={person?.email} />;
  }
  return (
    <InvitationOpen
      token={token}
      invitation={invitation}
      signedInAs={person?.email}
      providers={configuredProviders()}
      onProvider={signInWithProvider}
      onAccept={acceptInvitation}
      onJoin={joinWithNewAccount}
      onSignOut={signOutForInvitation}
    />
  );
});
