import { cookies } from 'next/headers';
import { type RequestFacts, recordDenial } from '@/lib/access';
import { type ConsentAnswer, finishConsent, memberParty } from '@/lib/connections';
import type { ProviderKey } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';

interface Arrival {
  readonly context: MemberContext;
  readonly query: Omit<ConsentAnswer, 'provider'>;
  readonly facts: RequestFacts;
}

/** A member is back from a provider's page; a person is looking, so every end is a page. */
export async function consentCallback(
  provider: ProviderKey,
  { context, query, facts }: Arrival,
): Promise<Response> {
  const jar = await cookies();
  const done = await finishConsent(
    memberParty(context),
    { provider, ...query },
    (name) => jar.get(name)?.value,
  );
  if ('next' in done) {
    const { cookie, url } = done.next;
    jar.set(cookie.name, cookie.value, cookie.options);
    return leadTo(url);
  }
  if (done.denied) await recordDenial(facts, context, 'consent_state');
  const page = done.connectionId ? `/connections/${done.connectionId}` : '/connections';
  return leadTo(`${page}?consent=${done.outcome}`);
}

/** An answer in an address is for this browser now, and for no cache. */
export const leadTo = (location: string) =>
  new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
