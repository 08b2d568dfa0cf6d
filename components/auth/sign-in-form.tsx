'use client';
import { Field, Form, Input, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { PasswordInput } from './password-input';

interface SignInInput {
  email: string;
  password: string;
  next?: string | undefined;
}

export interface SignInFormProps {
  action: (input: SignInInput) => Promise<ActionResult<unknown>>;
  /** Where to go afterwards. */
  next?: string | undefined;
  email?: string | undefined;
}

export function SignInForm({ action, next, email }: SignInFormProps) {
  return (
    <Form<SignInInput, unknown> action={action}>
      <Field label="Email" name="email" required>
        <Input
          type="email"
          autoComplete="username"
          inputMode="email"
          defaultValue={email}
          autoFocus={!email}
          className="h-10"
        />
      </Field>
      <Field label="Password" name="password" required>
        <PasswordInput autoComplete="current-password" autoFocus={Boolean(email)} />
      </Field>
      {next && <input type="hidden" name="next" value={next} />}
      <SubmitButton size="lg" block className="mt-1">
        Sign in
      </SubmitButton>
    </Form>
  );
}
