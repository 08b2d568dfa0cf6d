import { createHash, randomBytes } from 'node:crypto';
import { env } from '@/lib/env';

const tokenBytes = 32;
const shape = /^[A-Za-z0-9_-]{43}$/;

/** A new secret of 256 bits for an invitation's link, base64url. */
export function newInvitationToken(): string {
  return randomBytes(tokenBytes).toString('base64url');
}

/** What is kept of it: a secret of this size needs no salt and no slow hash. */
export function hashInvitationToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Whether it could be one of ours at all. */
export function isInvitationToken(text: string): boolean {
  return shape.test(text);
}

export function invitationLink(token: string): string {
  return `${env.APP_URL}/invitations/${token}`;
}
