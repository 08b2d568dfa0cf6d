'use server';
import { revalidatePath } from 'next/cache';
import { staffAction } from '@/lib/access';
import {
  addNote,
  changeTenantLimits,
  createCustomer,
  createTenantInput,
  inviteOwner,
  inviteOwnerInput,
  limitsInput,
  noteInput,
  removeView,
  removeViewInput,
  resumeInput,
  resumeTenant,
  saveView,
  saveViewInput,
  suspendInput,
  suspendTenant,
  withdrawOwner,
  withdrawOwnerInput,
} from '@/lib/platform';

const refresh = (tenantId: string) => revalidatePath(`/admin/tenants/${tenantId}`, 'layout');

export const create = staffAction(
  { name: 'tenants.create', role: 'platform_admin', input: createTenantInput },
  async ({ staff, input }) => ({ id: await createCustomer(staff, input) }),
);

export const invite = staffAction(
  { name: 'tenants.invite', role: 'platform_admin', input: inviteOwnerInput },
  async ({ staff, input }) => {
    await inviteOwner(staff, input);
    refresh(input.tenantId);
  },
);

export const withdraw = staffAction(
  { name: 'tenants.withdraw', role: 'platform_admin', input: withdrawOwnerInput },
  async ({ staff, input }) => {
    await withdrawOwner(staff, input);
    refresh(input.tenantId);
  },
);

export const changeLimits = staffAction(
  { name: 'tenants.changeLimits', role: 'platform_admin', input: limitsInput },
  async ({ staff, input }) => {
    await changeTenantLimits(staff, input);
    refresh(input.tenantId);
  },
);

export const suspend = staffAction(
  { name: 'tenants.suspend', role: 'support', input: suspendInput },
  async ({ staff, input }) => {
    await suspendTenant(staff, input);
    refresh(input.tenantId);
  },
);

export const resume = staffAction(
  { name: 'tenants.resume', role: 'support', input: resumeInput },
  async ({ staff, input }) => {
    await resumeTenant(staff, input);
    refresh(input.tenantId);
  },
);

export const note = staffAction(
  { name: 'tenants.note', role: 'support', input: noteInput },
  async ({ staff, input }) => {
    await addNote(staff, input);
    refresh(input.tenantId);
  },
);

export const keepView = staffAction(
  { name: 'tenants.keepView', role: 'support', input: saveViewInput },
  async ({ staff, input }) => {
    const id = await saveView(staff, input);
    revalidatePath('/admin/tenants');
    return { id };
  },
);

export const dropView = staffAction(
  { name: 'tenants.dropView', role: 'support', input: removeViewInput },
  async ({ staff, input }) => {
    await removeView(staff, input);
    revalidatePath('/admin/tenants');
  },
);
