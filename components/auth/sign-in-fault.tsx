import { Callout } from '@/components/ui';

interface Fault {
  readonly title: string;
  readonly text: string;
}

const faults: Readonly<Record<string, Fault>> = {
  unverified_email: {
    title: 'Your provider does not vouch for your address',
    text: 'Sign in with your password, or ask your administrator to have your address verified at the provider.',
  },
  AccessDenied: {
    title: 'You were not signed in',
    text: 'The provider refused, or something went wrong on our side. Try again.',
  },
  OAuthCallbackError: {
    title: 'You were not signed in',
    text: 'Signing in was cancelled or refused at the provider. Nothing has changed.',
  },
  CredentialsSignin: {
    title: 'You were not signed in',
    text: 'The address or the password is not right, or there were too many attempts.',
  },
};

const otherwise: Fault = {
  title: 'You were not signed in',
  text: 'Something went wrong on the way back from the provider. Start again here.',
};

/** Why somebody came back from signing in without being signed in. */
export function SignInFault({ code }: { code: string }) {
  const fault = Object.hasOwn(faults, code) ? faults[code] : undefined;
  const { title, text } = fault ?? otherwise;
  return (
    <Callout tone="danger" role="alert" title={title} className="mb-5">
      {text}
    </Callout>
  );
}
