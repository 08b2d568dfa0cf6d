import type { Metadata } from 'next';
import { TrustReportView } from '@/components/trust/trust-report';
import { PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { trustFacts } from '@/lib/trust';

export const metadata: Metadata = { title: 'Trust' };

export default tenantPage({ permission: 'trust:read' }, async ({ context }) => (
  <>
    <PageHeader
      title="Trust"
      description="How your organisation’s data is kept apart from others’: what is checked, when it last was, and what came of it."
    />
    <TrustReportView facts={await trustFacts(context)} />
  </>
));
