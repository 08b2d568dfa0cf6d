import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';
import { typedName } from '@/lib/names/contract';
import { emailAddress, tenantName } from '@/lib/tenancy/contract';

export { emailAddress };

/** NIST SP 800-63B-4 asks for 15 when a password stands alone; 12 is what people accept here. */
export const passwordLength = { min: 12, max: 200 } as const;

export const personName = typedName({ min: 1, max: 80 }, 'Enter your name.');

export const newPassword = z
  .string()
  .min(passwordLength.min, `Use at least ${passwordLength.min} characters.`)
  .max(passwordLength.max, `Use at most ${passwordLength.max} characters.`);

/** Where to go afterwards; anything but a path of ours is ignored. */
const next = z.string().max(2048).optional().catch(undefined);

export const signInInput = z.object({
  email: emailAddress,
  password: z.string().min(1, 'Enter your password.').max(passwordLength.max),
  next,
});

export const signUpInput = z.object({
  email: emailAddress,
  name: personName,
  password: newPassword,
  tenantName,
});

/** Where people who sign in with an identity provider are sent. */
export const identityProviders = {
  google: 'Google',
  'microsoft-entra-id': 'Microsoft',
} as const;
export type IdentityProvider = keyof typeof identityProviders;

export const providerSignInInput = z.object({
  provider: z.enum(Object.keys(identityProviders) as [IdentityProvider, ...IdentityProvider[]]),
  next,
});

/** For somebody who is signed in already. */
export const newOrganisationInput = z.object({ tenantName });

/** Accepting an invitation as somebody new. */
export const joinInput = z.object({
  token: z.string().max(64),
  name: personName,
  password: newPassword,
});

export const tokenInput = z.object({ token: z.string().max(64) });

export const enterInput = z.object({
  tenantId: idOf('tenant'),
  next,
});
