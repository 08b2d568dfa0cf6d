import { env } from '@/lib/env';
import { JobsConfigurationError } from './errors';

/** `inngest`: Inngest calls the functions. `embedded`: this process's engine does. */
export type JobsMode = 'inngest' | 'embedded';

/** Which of the two the configuration asks for: Inngest as soon as it names a key. */
export function jobsMode(): JobsMode {
  return env.INNGEST_EVENT_KEY || env.INNGEST_SIGNING_KEY ? 'inngest' : 'embedded';
}

/**
 * See that the configuration is safe to start with.
 * @throws JobsConfigurationError when a key is missing, or when `INNGEST_DEV`, which switches off the
 *   check of signatures, is set in production
 */
export function checkJobsConfiguration(): void {
  if (env.TENANTRY_MODE === 'production' && env.INNGEST_DEV !== undefined) {
    throw new JobsConfigurationError(
      'INNGEST_DEV is set. It would let anybody call the background functions. Remove it to start in production.',
    );
  }
  if (jobsMode() === 'inngest' && !(env.INNGEST_EVENT_KEY && env.INNGEST_SIGNING_KEY)) {
    const missing = env.INNGEST_EVENT_KEY ? 'INNGEST_SIGNING_KEY' : 'INNGEST_EVENT_KEY';
    throw new JobsConfigurationError(
      `${missing} is not set. Running on Inngest takes INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY; leave out both for the embedded engine.`,
    );
  }
}
