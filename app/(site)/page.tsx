import { SkipLink } from '@/components/shell';
import { Landing } from '@/components/site/landing';
import { SiteFooter } from '@/components/site/site-footer';
import { SiteHeader } from '@/components/site/site-header';
import { publicPage } from '@/lib/access';

export const metadata = { robots: { index: true, follow: true } };

export default publicPage({}, async ({ member }) => (
  <>
    <SkipLink />
    <SiteHeader signedIn={member !== null} />
    <Landing signedIn={member !== null} />
    <SiteFooter />
  </>
));
