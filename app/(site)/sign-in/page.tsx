import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { ProviderButtons } from '@/components/auth/provider-buttons';
import { SignInFault } from '@/components/auth/sign-in-fault';
import { SignInForm } from '@/components/auth/sign-in-form';
import { AuthShell } from '@/components/shell';
import { publicPage } from '@/lib/access';
import {
  awaitsSecondFactor,
  configuredProviders,
  currentPerson,
  emailAddress,
  landingOutside,
  safeReturnPath,
  secondFactorPath,
} from '@/lib/auth';
import { signIn, signInWithProvider } from './actions';

export const metadata: Metadata = { title: 'Sign in' };

const search = z.object({
  next: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  email: emailAddress.optional().catch(undefined),
});

export default publicPage({ search }, async ({ member, search: { next, error, email } }) => {
  const returnTo = safeReturnPath(next);
  if (member) redirect(returnTo);
  if (await awaitsSecondFactor()) redirect(secondFactorPath(next));
  // Signed in, but in no organisation that is open to them: signing in again would not help.
  if (await currentPerson()) redirect(await landingOutside(next));
  const onward = next ? returnTo : undefined;
  return (
    <AuthShell
      title="Sign in"
      description="Welcome back."
      footer={
        <>
          New here?{' '}
          <Link href="/sign-up" className="font-medium text-accent hover:underline">
            Create an organisation
          </Link>
        </>
      }
    >
      {error && <SignInFault code={error} />}
      <ProviderButtons
        providers={configuredProviders()}
        next={onward}
        action={signInWithProvider}
      />
      <SignInForm action={signIn} next={onward} email={email} />
    </AuthShell>
  );
});
