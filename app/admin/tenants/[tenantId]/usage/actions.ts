'use server';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { staffAction } from '@/lib/access';
import { idOf } from '@/lib/ids';
import { setAtLimit as set } from '@/lib/load';
import { atLimitChoice } from '@/lib/usage';

export const setAtLimit = staffAction(
  {
    name: 'usage.setAtLimit',
    role: 'platform_admin',
    input: z.object({ tenantId: idOf('tenant'), atLimit: atLimitChoice }),
  },
  async ({ staff, input }) => {
    await set(staff, input);
    revalidatePath(`/admin/tenants/${input.tenantId}/usage`);
  },
);
