'use client';
import { Form, ProviderMark, SubmitButton } from '@/components/ui';
import { type IdentityProvider, identityProviders } from '@/lib/auth/contract';
import type { ActionResult } from '@/lib/errors/contract';

export type ProviderSignIn = (input: {
  provider: IdentityProvider;
  next?: string;
}) => Promise<ActionResult<unknown>>;

export interface ProviderButtonsProps {
  providers: readonly IdentityProvider[];
  next?: string | undefined;
  action: ProviderSignIn;
}

const marks: Readonly<Record<IdentityProvider, string>> = {
  google: 'google',
  'microsoft-entra-id': 'microsoft',
};

/** One button per identity provider that is configured; nothing when there is none. */
export function ProviderButtons({ providers, next, action }: ProviderButtonsProps) {
  if (providers.length === 0) return null;
  return (
    <div className="flex flex-col gap-2.5">
      {providers.map((provider) => (
        <Form key={provider} action={action}>
          <input type="hidden" name="provider" value={provider} />
          {next && <input type="hidden" name="next" value={next} />}
          <SubmitButton
            variant="secondary"
            size="lg"
            block
            icon={<ProviderMark provider={marks[provider]} size="sm" className="border-none" />}
          >
            Continue with {identityProviders[provider]}
          </SubmitButton>
        </Form>
      ))}
      <p className="my-2 flex items-center gap-3 text-faint text-xs">
        <span aria-hidden className="h-px flex-1 bg-border" />
        or with a password
        <span aria-hidden className="h-px flex-1 bg-border" />
      </p>
    </div>
  );
}
