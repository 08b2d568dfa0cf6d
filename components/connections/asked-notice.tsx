import { Callout } from '@/components/ui';
import { dayOf, type OpenRequest } from '@/lib/campaigns/contract';

/** What support asks of a connection, in its own words, and until when. */
export function AskedNotice({ request }: { request: OpenRequest }) {
  const { requestedName, scopes, message, deadline } = request;
  const what = scopes.length > 0 ? 'allow more here' : 'connect this again';
  return (
    <Callout
      tone="info"
      title={`${requestedName} of Tenantry support asks you to ${what} by ${dayOf(new Date(deadline))}`}
      className="mb-5"
    >
      <p className="whitespace-pre-line break-words">{message}</p>
    </Callout>
  );
}
