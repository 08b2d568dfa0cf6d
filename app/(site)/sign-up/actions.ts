'use server';
import { redirect } from 'next/navigation';
import { publicAction } from '@/lib/access';
import { signUp, signUpInput, startPasswordSession } from '@/lib/auth';

export const createAccount = publicAction(
  { name: 'sign-up.createAccount', input: signUpInput },
  async ({ input, facts }) => {
    await signUp(input, facts);
    await startPasswordSession(input);
    redirect('/overview');
  },
);
