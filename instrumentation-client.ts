import { config } from 'zod/v4/core';

/**
 * Runs in the browser before anything of ours. Compiled parsers need `eval`, which the content security
 * policy forbids; merely to try whether it is allowed would be a violation on every page.
 */
config({ jitless: true });
