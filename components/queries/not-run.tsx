import { ButtonLink, Callout } from '@/components/ui';
import type { QueryFilter } from '@/lib/queries/contract';
import { queriesHref } from './address';
import { windowText } from './filters';

/** In place of a query that an address names and that has not run since. */
export function NotRun({ filter }: { filter: QueryFilter }) {
  return (
    <Callout
      tone="info"
      role="status"
      title={`It did not run within the ${windowText(filter)}`}
      action={<ButtonLink href={queriesHref(filter)}>Close</ButtonLink>}
      className="mb-4"
    >
      The query of this address{filter.tenant ? ' did nothing for this tenant then' : ' is older'}.
      Choose a longer time, or look at what did run.
    </Callout>
  );
}
