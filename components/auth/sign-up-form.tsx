'use client';
import { Field, Form, Input, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { passwordHint } from './password-hint';
import { PasswordInput } from './password-input';

interface SignUpInput {
  tenantName: string;
  name: string;
  email: string;
  password: string;
}

export interface SignUpFormProps {
  action: (input: SignUpInput) => Promise<ActionResult<unknown>>;
}

export function SignUpForm({ action }: SignUpFormProps) {
  return (
    <Form<SignUpInput, unknown> action={action}>
      <Field label="Organisation" name="tenantName" required>
        <Input autoComplete="organization" placeholder="Harbour Books" autoFocus className="h-10" />
      </Field>
      <Field label="Your name" name="name" required>
        <Input autoComplete="name" className="h-10" />
      </Field>
      <Field label="Email" name="email" required>
        <Input type="email" autoComplete="username" inputMode="email" className="h-10" />
      </Field>
      <Field label="Password" name="password" hint={passwordHint} required>
        <PasswordInput autoComplete="new-password" />
      </Field>
      <SubmitButton size="lg" block className="mt-1">
        Create organisation
      </SubmitButton>
    </Form>
  );
}
