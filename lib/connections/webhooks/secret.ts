import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret that a provider is to bring with each notice; Graph takes up to 128 characters. */
export const newNoticeSecret = (): string => randomBytes(48).toString('base64url');

const digest = (secret: string) => createHash('sha256').update(secret).digest();

/** What is kept of it. */
export const noticeSecretHash = (secret: string): string => digest(secret).toString('base64url');

/** Whether a secret is the one of that hash, in a time that says nothing of where they differ. */
export function isNoticeSecret(secret: string, hash: string): boolean {
  const kept = Buffer.from(hash, 'base64url');
  const given = digest(secret);
  return kept.length === given.length && timingSafeEqual(kept, given);
}
