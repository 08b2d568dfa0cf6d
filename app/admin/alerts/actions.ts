'use server';
import { revalidatePath } from 'next/cache';
import { staffAction } from '@/lib/access';
import { acknowledge, acknowledgeInput } from '@/lib/alerts';

export const acknowledgeAlert = staffAction(
  { name: 'alerts.acknowledgeAlert', role: 'support', input: acknowledgeInput },
  async ({ staff, input }) => {
    await acknowledge(staff, input);
    // The count stands in the frame around every page of the console.
    revalidatePath('/admin', 'layout');
  },
);
