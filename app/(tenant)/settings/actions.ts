'use server';
import { revalidatePath } from 'next/cache';
import { tenantAction } from '@/lib/access';
import { renameInput, renameTenant } from '@/lib/tenancy';

export const renameOrganisation = tenantAction(
  { name: 'settings.renameOrganisation', permission: 'tenant:manage', input: renameInput },
  async ({ context, input }) => {
    await renameTenant(context, input.name);
    // The name stands in the frame around every page.
    revalidatePath('/', 'layout');
  },
);
