'use server';
import { revalidatePath } from 'next/cache';
import { staffAction } from '@/lib/access';
import { askAcross, askAcrossInput, takeAcross, takeAcrossInput } from '@/lib/exports';

export const askExportAcross = staffAction(
  { name: 'audit.askExportAcross', role: 'support', input: askAcrossInput },
  async ({ staff, input }) => {
    const approvalId: string = await askAcross(staff, input.filter ?? {}, input.reason);
    revalidatePath('/admin', 'layout');
    return { approvalId };
  },
);

export const takeExportAcross = staffAction(
  { name: 'audit.takeExportAcross', role: 'support', input: takeAcrossInput },
  async ({ staff, input }) => ({ csv: await takeAcross(staff, input.approvalId) }),
);
