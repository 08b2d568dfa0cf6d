import { cookies } from 'next/headers';
import { z } from 'zod';
import { publicRoute } from '@/lib/access';
import { consentAnswer, finishConsent, linkParty, linkTokenIn } from '@/lib/connections';
import { logger } from '@/lib/observability';
import { providerKeySchema } from '@/lib/providers';
import { leadTo } from '../../../connections/consent-callback';

/**
 * Where a provider leads back whoever came by a link. Which link, and so whose organisation, is the
 * word of this browser's own cookie for the flow; nobody needs to be signed in.
 */
export const GET = publicRoute(
  {
    params: z.object({ provider: providerKeySchema }),
    query: consentAnswer,
    // An answer counts once: it is not used up by what only looks whether there is something.
    head: 'refused',
  },
  async ({ params: { provider }, query, facts }) => {
    const jar = await cookies();
    const cookie = (name: string) => jar.get(name)?.value;
    const token = query.state && linkTokenIn(cookie, query.state);
    const holder = token ? await linkParty(token, facts) : null;
    if (!holder) return leadTo('/reconsent/unknown?consent=foreign');
    // It was withdrawn, or whoever made it left, while its reader was at the provider's.
    if (!holder.open) return leadTo(`/reconsent/${token}?consent=link_closed`);
    const done = await finishConsent(holder.party, { provider, ...query }, cookie);
    if ('next' in done) {
      jar.set(done.next.cookie.name, done.next.cookie.value, done.next.cookie.options);
      return leadTo(done.next.url);
    }
    if (done.denied) logger.warn({ provider }, 'a consent by a link was not this browser’s own');
    return leadTo(`/reconsent/${token}?consent=${done.outcome}`);
  },
);
