import { cookies } from 'next/headers';
import { recordDenial, tenantRoute } from '@/lib/access';
import { consentAnswer, finishConsent } from '@/lib/connections';

/** Google leads back here from its consent page; a person is looking, so every end is a page. */
export const GET = tenantRoute(
  { permission: 'connections:manage', query: consentAnswer },
  async ({ context, query, facts }) => {
    const jar = await cookies();
    const { outcome, connectionId, denied } = await finishConsent(
      context,
      { provider: 'google', ...query },
      (name) => jar.get(name)?.value,
    );
    if (denied) await recordDenial(facts, context, 'consent_state');
    const page = connectionId ? `/connections/${connectionId}` : '/connections';
    return new Response(null, {
      status: 303,
      headers: { location: `${page}?consent=${outcome}`, 'cache-control': 'no-store' },
    });
  },
);
