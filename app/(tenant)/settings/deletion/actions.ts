'use server';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { tenantAction } from '@/lib/access';
import { askDeletion, askDeletionInput, undoDeletion } from '@/lib/lifecycle';

export const ask = tenantAction(
  { name: 'deletion.ask', permission: 'tenant:manage', input: askDeletionInput },
  async ({ context, input }) => {
    await askDeletion(context, input);
    // The notice stands in the frame around every page.
    revalidatePath('/', 'layout');
  },
);

export const undo = tenantAction(
  { name: 'deletion.undo', permission: 'tenant:manage', input: z.object({}) },
  async ({ context }) => {
    await undoDeletion(context);
    revalidatePath('/', 'layout');
  },
);
