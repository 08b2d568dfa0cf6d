import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { ProviderButtons } from '@/components/auth/provider-buttons';
import { SignUpForm } from '@/components/auth/sign-up-form';
import { AuthShell } from '@/components/shell';
import { publicPage } from '@/lib/access';
import { configuredProviders } from '@/lib/auth';
import { signInWithProvider } from '../sign-in/actions';
import { createAccount } from './actions';

export const metadata: Metadata = { title: 'Create an organisation' };

export default publicPage({}, async ({ member }) => {
  if (member) redirect('/overview');
  return (
    <AuthShell
      title="Create your organisation"
      description="You become its owner and can invite others."
      footer={
        <>
          Have an account?{' '}
          <Link href="/sign-in" className="font-medium text-accent hover:underline">
            Sign in
          </Link>
        </>
      }
    >
      <ProviderButtons providers={configuredProviders()} action={signInWithProvider} />
      <SignUpForm action={createAccount} />
    </AuthShell>
  );
});
