import { headers } from 'next/headers';
import { cache } from 'react';
import { factsOf, type RequestFacts } from './facts';

export { factsOf, type RequestFacts } from './facts';

/** The facts of the request being served; one answer per request. */
export const requestFacts = cache(async (): Promise<RequestFacts> => factsOf(await headers()));
