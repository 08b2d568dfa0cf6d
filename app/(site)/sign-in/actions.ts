'use server';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { publicAction } from '@/lib/access';
import {
  createOrganisation,
  endSession,
  enterInput,
  landing,
  newOrganisationInput,
  providerSignInInput,
  requirePerson,
  safeReturnPath,
  signInInput,
  startPasswordSession,
  startProviderSession,
  switchTenant,
} from '@/lib/auth';

export const signIn = publicAction(
  { name: 'sign-in.signIn', input: signInInput },
  async ({ input }) => {
    await startPasswordSession(input);
    redirect(await landing(input.next));
  },
);

export const signInWithProvider = publicAction(
  { name: 'sign-in.signInWithProvider', input: providerSignInInput },
  async ({ input }) =>
    redirect(await startProviderSession(input.provider, safeReturnPath(input.next))),
);

export const signOut = publicAction({ name: 'sign-in.signOut', input: z.void() }, async () => {
  await endSession();
  redirect('/sign-in');
});

/** For somebody whose session is in no organisation that they may work in. */
export const enterOrganisation = publicAction(
  { name: 'sign-in.enterOrganisation', input: enterInput },
  async ({ input }) => {
    await switchTenant(input.tenantId);
    redirect(safeReturnPath(input.next));
  },
);

export const createAnotherOrganisation = publicAction(
  { name: 'sign-in.createAnotherOrganisation', input: newOrganisationInput },
  async ({ input, facts }) => {
    const person = await requirePerson();
    await switchTenant(await createOrganisation(person, input.tenantName, facts));
    redirect('/overview');
  },
);
