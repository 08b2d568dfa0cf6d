'use server';
import { redirect } from 'next/navigation';
import { tenantAction } from '@/lib/access';
import { enterInput, switchTenant } from '@/lib/auth';

/** Into another of one's organisations; a foreign one does not exist. */
export const switchOrganisation = tenantAction(
  {
    name: 'workspace.switchOrganisation',
    permission: 'organisations:switch',
    input: enterInput.pick({ tenantId: true }),
  },
  async ({ input }) => {
    await switchTenant(input.tenantId);
    redirect('/overview');
  },
);
