import type { InngestFunction } from 'inngest';
import { serve } from 'inngest/edge';
import { notFound } from '@/lib/errors';
import { inngest } from './client';
import { jobsMode } from './mode';

/** The way by which Inngest calls functions over HTTP. */
export type FunctionsHandler = (request: Request) => Promise<Response>;

/**
 * Serve `functions` to Inngest, which signs what it sends. In embedded mode nobody has business here:
 * whatever comes is forged, and finds nothing.
 *
 * @throws PublicError `not_found` in embedded mode (the handler)
 */
export function serveFunctions(functions: readonly InngestFunction.Any[]): FunctionsHandler {
  let handler: FunctionsHandler | undefined;
  return async (request) => {
    if (jobsMode() === 'embedded') throw notFound();
    // Unsigned syncs would let anybody read the functions' configuration.
    handler ??= serve({ client: inngest, functions, enableUnauthedSync: false });
    return handler(request);
  };
}
