'use server';
import { revalidatePath } from 'next/cache';
import { staffAction } from '@/lib/access';
import { checkAgainInput } from '@/lib/doctor';
import { checkAgain } from '@/lib/platform';

/** Looks at everything again that can be looked at while the product serves. */
export const checkDoors = staffAction(
  { name: 'doctor.checkDoors', role: 'support', input: checkAgainInput },
  async ({ staff }) => {
    const outcome = await checkAgain(staff);
    revalidatePath('/admin/doctor');
    return outcome;
  },
);
