'use server';
import { revalidatePath } from 'next/cache';
import { staffAction } from '@/lib/access';
import { askToDelete, stopDeletion } from '@/lib/deletions';
import { deletionInput, staffDeletionInput } from '@/lib/lifecycle';

/** Asks another platform admin to approve that a tenant is deleted. */
export const ask = staffAction(
  { name: 'deletions.ask', role: 'platform_admin', input: staffDeletionInput },
  async ({ staff, input }) => {
    const id = await askToDelete(staff, input);
    revalidatePath('/admin', 'layout');
    return { id };
  },
);

export const stop = staffAction(
  { name: 'deletions.stop', role: 'platform_admin', input: deletionInput },
  async ({ staff, input }) => {
    await stopDeletion(staff, input.deletionId);
    revalidatePath('/admin', 'layout');
  },
);
