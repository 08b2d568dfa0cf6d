'use server';
import { revalidatePath } from 'next/cache';
import { staffAction } from '@/lib/access';
import { askStaffChange, staffChangeInput } from '@/lib/two-persons';

export const askChange = staffAction(
  { name: 'staff.askChange', role: 'platform_admin', input: staffChangeInput },
  async ({ staff, input }) => {
    const approvalId: string = await askStaffChange(staff, input);
    revalidatePath('/admin', 'layout');
    return { approvalId };
  },
);
