'use server';
import { revalidatePath } from 'next/cache';
import { staffAction } from '@/lib/access';
import { cancelRunAsStaff, cancelRunInput } from '@/lib/console';

/** Stops a tenant's run; the reason stands on the tenant's record. */
export const cancel = staffAction(
  { name: 'platformRuns.cancel', role: 'support', input: cancelRunInput },
  async ({ staff, input }) => {
    await cancelRunAsStaff(staff, input);
    revalidatePath(`/admin/runs/${input.runId}`);
  },
);
