import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { OrganisationChooser } from '@/components/auth/organisation-chooser';
import { SignOutButton } from '@/components/auth/sign-out-button';
import { AuthShell } from '@/components/shell';
import { publicPage } from '@/lib/access';
import { currentPerson, safeReturnPath } from '@/lib/auth';
import { env } from '@/lib/env';
import { heldOrganisationsOf } from '@/lib/suspension';
import { organisationsOf } from '@/lib/tenancy';
import { createAnotherOrganisation, enterOrganisation, signOut } from '../actions';

export const metadata: Metadata = { title: 'Your organisations' };

const search = z.object({ next: z.string().optional().catch(undefined) });

export default publicPage({ search }, async ({ search: { next } }) => {
  const person = await currentPerson();
  if (!person) redirect('/sign-in');
  return (
    <AuthShell
      title="Your organisations"
      description={
        <>
          You are signed in as <strong className="font-medium text-text">{person.email}</strong>.
        </>
      }
      footer={<SignOutButton onSignOut={signOut} />}
    >
      <OrganisationChooser
        current={person.tenantId}
        organisations={await organisationsOf(person.userId)}
        held={await heldOrganisationsOf(person.userId)}
        support={env.SUPPORT_EMAIL ?? null}
        next={next ? safeReturnPath(next) : undefined}
        onEnter={enterOrganisation}
        onCreate={createAnotherOrganisation}
      />
    </AuthShell>
  );
});
