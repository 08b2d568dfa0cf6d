import type { Metadata } from 'next';
import { OwnFactorCard } from '@/app/(site)/second-factor/own-factor-card';
import { Card, CardBody, CardHeader, KeyValue, PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { openEnrolment } from '@/lib/second-factor';

export const metadata: Metadata = { title: 'Your account' };

export default tenantPage({ permission: 'account:own' }, async ({ context }) => {
  const { userId, email, actor } = context;
  const enrolment = await openEnrolment({ userId, email });
  return (
    <>
      <PageHeader title="Your account" description="Yours alone, in whichever organisation." />
      <div className="flex max-w-2xl flex-col gap-6">
        <Card aria-labelledby="person">
          <CardHeader id="person" title="You" description="How the others see you." />
          <CardBody>
            <KeyValue
              items={[
                { label: 'Name', value: actor.name },
                { label: 'Email', value: email },
              ]}
            />
          </CardBody>
        </Card>
        <OwnFactorCard userId={userId} enrolment={enrolment} required={false} />
      </div>
    </>
  );
});
