import type { Metadata } from 'next';
import { OwnFactorCard } from '@/app/(site)/second-factor/own-factor-card';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';

export const metadata: Metadata = { title: 'Your account' };

export default staffPage({ role: 'support' }, async ({ staff }) => (
  <>
    <PageHeader title="Your account" description={`${staff.name}, ${staff.email}`} />
    <div className="max-w-2xl">
      <OwnFactorCard userId={staff.userId} enrolment={null} required />
    </div>
  </>
));
