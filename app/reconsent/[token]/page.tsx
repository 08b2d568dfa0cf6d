import type { Metadata } from 'next';
import { LinkClosed } from '@/components/reconsent/link-closed';
import { LinkOpen } from '@/components/reconsent/link-open';
import { publicPage, requestFacts } from '@/lib/access';
import { countLink } from '@/lib/auth';
import {
  type ConsentLinkView,
  consentSearch,
  linkParams,
  viewConsentLink,
} from '@/lib/connections';
import { PublicError } from '@/lib/errors';
import { beginLink, giveKey } from './actions';

// The address is a secret: it is told to nobody whom one goes on to.
export const metadata: Metadata = {
  title: 'Consent',
  robots: { index: false, follow: false },
  referrer: 'no-referrer',
};

async function view(token: string): Promise<ConsentLinkView> {
  const facts = await requestFacts();
  try {
    await countLink(facts.ipAddress);
  } catch (error) {
    if (error instanceof PublicError && error.code === 'rate_limited') return { state: 'busy' };
    throw error;
  }
  return viewConsentLink(token, facts);
}

export default publicPage(
  { params: linkParams, search: consentSearch },
  async ({ params: { token }, search: { consent } }) => {
    const link = await view(token);
    if (link.state !== 'open') return <LinkClosed link={link} outcome={consent} />;
    return (
      <LinkOpen token={token} link={link} outcome={consent} onBegin={beginLink} onKey={giveKey} />
    );
  },
);
