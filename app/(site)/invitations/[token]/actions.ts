'use server';
import { redirect } from 'next/navigation';
import { publicAction } from '@/lib/access';
import {
  endSession,
  joinAsNewPerson,
  joinAsPerson,
  joinInput,
  requirePerson,
  startPasswordSession,
  switchTenant,
  tokenInput,
} from '@/lib/auth';

/** For somebody who is signed in with the address that was invited. */
export const acceptInvitation = publicAction(
  { name: 'invitations.acceptInvitation', input: tokenInput },
  async ({ input, facts }) => {
    await switchTenant(await joinAsPerson(input.token, await requirePerson(), facts));
    redirect('/overview');
  },
);

/** For somebody who has no account yet: it is made with the address that was invited. */
export const joinWithNewAccount = publicAction(
  { name: 'invitations.joinWithNewAccount', input: joinInput },
  async ({ input, facts }) => {
    const { email } = await joinAsNewPerson(input.token, input, facts);
    await startPasswordSession({ email, password: input.password });
    redirect('/overview');
  },
);

/** To come back as the person who was invited. */
export const signOutForInvitation = publicAction(
  { name: 'invitations.signOutForInvitation', input: tokenInput },
  async ({ input }) => {
    await endSession();
    redirect(`/invitations/${encodeURIComponent(input.token)}`);
  },
);
