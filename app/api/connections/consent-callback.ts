import { cookies } from 'next/headers';
import { recordDenial, tenantRoute } from '@/lib/access';
import { consentAnswer, finishConsent, memberParty } from '@/lib/connections';
import type { ProviderKey } from '@/lib/providers';

/** Where a provider leads a member back to; a person is looking, so every end is a page. */
export const consentCallback = (provider: ProviderKey) =>
  tenantRoute(
    { permission: 'connections:manage', query: consentAnswer },
    async ({ context, query, facts }) => {
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
    },
  );

/** An answer in an address is for this browser now, and for no cache. */
export const leadTo = (location: string) =>
  new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
