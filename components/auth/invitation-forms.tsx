'use client';
import { Callout, Field, Form, Input, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { passwordHint } from './password-hint';
import { PasswordInput } from './password-input';

type Action<Input> = (input: Input) => Promise<ActionResult<unknown>>;

interface TokenInput {
  token: string;
}

/** For who is signed in with the invited address. */
export function AcceptForm({ token, onAccept }: TokenInput & { onAccept: Action<TokenInput> }) {
  return (
    <Form<TokenInput, unknown> action={onAccept} read={() => ({ token })}>
      <SubmitButton size="lg" block>
        Accept invitation
      </SubmitButton>
    </Form>
  );
}

interface OtherPersonFormProps extends TokenInput {
  invited: string;
  signedInAs: string;
  onSignOut: Action<TokenInput>;
}

/** For who is signed in with another address. */
export function OtherPersonForm({ token, invited, signedInAs, onSignOut }: OtherPersonFormProps) {
  return (
    <div className="flex flex-col gap-5">
      <Callout tone="warning" role="status" title="This invitation is for somebody else">
        You are signed in as {signedInAs}; it was sent to {invited}. Sign out to accept it with that
        address, or ask for an invitation to yours.
      </Callout>
      <Form<TokenInput, unknown> action={onSignOut} read={() => ({ token })}>
        <SubmitButton variant="secondary" size="lg" block>
          Sign out and come back here
        </SubmitButton>
      </Form>
    </div>
  );
}

interface JoinInput extends TokenInput {
  name: string;
  password: string;
}

interface JoinFormProps extends TokenInput {
  email: string;
  onJoin: Action<JoinInput>;
}

/** For who has no account yet. */
export function JoinForm({ token, email, onJoin }: JoinFormProps) {
  return (
    <Form<JoinInput, unknown>
      action={onJoin}
      read={(data) => ({
        token,
        name: String(data.get('name') ?? ''),
        password: String(data.get('password') ?? ''),
      })}
    >
      <Field label="Email" hint="The address that was invited.">
        <Input type="email" value={email} readOnly autoComplete="username" className="h-10" />
      </Field>
      <Field label="Your name" name="name" required>
        <Input autoComplete="name" autoFocus className="h-10" />
      </Field>
      <Field label="Choose a password" name="password" hint={passwordHint} required>
        <PasswordInput autoComplete="new-password" />
      </Field>
      <SubmitButton size="lg" block className="mt-1">
        Join
      </SubmitButton>
    </Form>
  );
}
