import type { Metadata } from 'next';
import { CheckAgain } from '@/components/doctor/check-again';
import { DoctorReport } from '@/components/doctor/doctor-report';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { doctorSearch } from '@/lib/doctor';
import { readDoctor } from '@/lib/platform';
import { checkDoors } from './actions';

export const metadata: Metadata = { title: 'Doctor' };

export default staffPage({ role: 'support', search: doctorSearch }, async ({ staff, search }) => (
  <>
    <PageHeader
      title="Doctor"
      description="Whether everything that keeps tenants apart holds on this system: what was looked at, what was found, and what to do."
      actions={<CheckAgain onCheck={checkDoors} />}
    />
    <DoctorReport view={await readDoctor(staff, search.look)} />
  </>
));
