import { AuthError } from 'next-auth';
import { logger } from '@/lib/observability';
import { SignInRefused } from './refusal';

/** The framework's own log, as lines of ours. Its debug lines hold codes and tokens: never written. */
export const authLogger = {
  error(error: Error) {
    // Already logged where it was refused.
    if (error instanceof SignInRefused) return;
    if (error instanceof AuthError) {
      const cause = error.cause?.err ?? error.cause;
      logger.warn(
        { kind: error.type, err: cause instanceof Error ? cause : error },
        'Sign-in failed',
      );
      return;
    }
    logger.error({ err: error }, 'Sign-in failed');
  },
  warn(code: string) {
    logger.warn({ code }, 'Sign-in warning');
  },
  debug() {},
};
