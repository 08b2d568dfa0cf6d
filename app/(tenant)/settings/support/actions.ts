'use server';
import { revalidatePath } from 'next/cache';
import { tenantAction } from '@/lib/access';
import {
  decideSupport,
  decideSupportInput,
  endSupportInput,
  endSupportNow,
  setSupportAccess,
  supportAccessInput,
} from '@/lib/support';

const page = '/settings/support';

export const setAccess = tenantAction(
  { name: 'support.setAccess', permission: 'tenant:manage', input: supportAccessInput },
  async ({ context, input }) => {
    await setSupportAccess(context, input.access);
    revalidatePath(page);
  },
);

export const decide = tenantAction(
  { name: 'support.decide', permission: 'tenant:manage', input: decideSupportInput },
  async ({ context, input }) => {
    await decideSupport(context, input);
    revalidatePath(page);
  },
);

export const endNow = tenantAction(
  { name: 'support.endNow', permission: 'tenant:manage', input: endSupportInput },
  async ({ context, input }) => {
    await endSupportNow(context, input.sessionId);
    revalidatePath(page);
  },
);
