import { CredentialsSignin } from 'next-auth';
import type { PublicError } from '@/lib/errors';

/** Carries why a sign-in was refused through the framework, which knows only errors of its own. */
export class SignInRefused extends CredentialsSignin {
  readonly reason: PublicError;
  override code: string;

  constructor(reason: PublicError) {
    super(reason.message);
    this.reason = reason;
    this.code = reason.code;
  }
}
