import { Inngest } from 'inngest';
import { env } from '@/lib/env';
import { logger } from '@/lib/observability';
import { jobsMode } from './mode';
import { embeddedFetch } from './transport';

/**
 * The client by which every capability defines its functions and sends its events.
 *
 * The getters are read by the SDK at each use, so that defining functions needs no configuration.
 * `isDev` is always a boolean here: the SDK never looks at `INNGEST_DEV`. In embedded mode it is true
 * because there are no keys to check: the functions are called in process, and the public route
 * refuses everything.
 */
export const inngest = new Inngest({
  id: 'tenantry',
  get isDev() {
    return jobsMode() === 'embedded';
  },
  get eventKey() {
    return env.INNGEST_EVENT_KEY;
  },
  get signingKey() {
    return env.INNGEST_SIGNING_KEY;
  },
  get baseUrl() {
    return jobsMode() === 'embedded' ? 'http://embedded.invalid' : env.INNGEST_BASE_URL;
  },
  fetch: (input, init) =>
    jobsMode() === 'embedded' ? embeddedFetch(input, init) : globalThis.fetch(input, init),
  logger,
  aiMetadata: false,
  sessionPropagation: false,
});
