'use server';
import { revalidatePath } from 'next/cache';
import { staffAction } from '@/lib/access';
import {
  approvalInput,
  askToShred,
  carryOutAgain,
  decideOn,
  decisionInput,
  shredInput,
} from '@/lib/two-persons';

/** The count beside the navigation is of the frame. */
function refresh(): void {
  revalidatePath('/admin', 'layout');
}

export const askShred = staffAction(
  { name: 'approvals.askShred', role: 'support', input: shredInput },
  async ({ staff, input }) => {
    const approvalId: string = await askToShred(staff, input);
    refresh();
    return { approvalId };
  },
);

export const decide = staffAction(
  { name: 'approvals.decide', role: 'support', input: decisionInput },
  async ({ staff, input }) => {
    try {
      return { outcome: await decideOn(staff, input) };
    } finally {
      // Also when what was approved could not be carried out: the page says so.
      refresh();
    }
  },
);

export const tryAgain = staffAction(
  { name: 'approvals.tryAgain', role: 'support', input: approvalInput },
  async ({ staff, input }) => {
    try {
      return { outcome: await carryOutAgain(staff, input.approvalId) };
    } finally {
      refresh();
    }
  },
);
