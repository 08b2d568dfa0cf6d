import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { SignOutButton } from '@/components/auth/sign-out-button';
import { Enrol, ProveForm } from '@/components/second-factor';
import { AuthShell } from '@/components/shell';
import { ButtonLink } from '@/components/ui';
import { publicPage } from '@/lib/access';
import { factorStage, landing, ownStandInCode, safeReturnPath } from '@/lib/auth';
import { signOut } from '../sign-in/actions';
import { begin, confirm, prove, showStandIn } from './actions';

export const metadata: Metadata = { title: 'Second factor' };

const search = z.object({ next: z.string().optional().catch(undefined) });

const words = {
  prove: ['Second factor', 'Enter the code that your authenticator app shows for Tenantry.'],
  enrol: [
    'Set up a second factor',
    'Staff sign in with a second factor: a code of an app of theirs, beside the password.',
  ],
  proven: ['Second factor', 'Your second factor is proved.'],
} as const;

export default publicPage({ search }, async ({ search: { next } }) => {
  const found = await factorStage();
  if (found.stage === 'signed-out') {
    redirect(next ? `/sign-in?next=${encodeURIComponent(safeReturnPath(next))}` : '/sign-in');
  }
  if (found.stage === 'none') redirect(await landing(next));
  const first = await ownStandInCode();
  const demo = first && { first, onShow: showStandIn };
  const [title, description] = words[found.stage];
  return (
    <AuthShell
      title={title}
      description={description}
      footer={
        <>
          <p>
            You are signed in as{' '}
            <strong className="font-medium text-text">{found.person.email}</strong>.
          </p>
          <SignOutButton onSignOut={signOut} />
        </>
      }
    >
      {found.stage === 'prove' ? (
        <ProveForm onProve={prove} next={next && safeReturnPath(next)} demo={demo} />
      ) : (
        <Enrol
          enrolment={found.stage === 'enrol' ? found.enrolment : null}
          onBegin={begin}
          onConfirm={confirm}
          demo={demo}
          then={<GoOn to={await landing(next)}>I have kept them</GoOn>}
          done={found.stage === 'proven' && <GoOn to={await landing(next)}>Go on</GoOn>}
        />
      )}
    </AuthShell>
  );
});

function GoOn({ to, children }: { to: string; children: string }) {
  return (
    <ButtonLink href={to} variant="primary" size="lg" className="self-start">
      {children}
    </ButtonLink>
  );
}
