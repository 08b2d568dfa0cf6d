'use server';
import { revalidatePath } from 'next/cache';
import { tenantAction } from '@/lib/access';
import {
  askAuditExport,
  askAuditInput,
  askTenantExport,
  askTenantInput,
  cancelExport,
  exportParams,
} from '@/lib/exports';

export const askForAudit = tenantAction(
  { name: 'exports.askForAudit', permission: 'audit:export', input: askAuditInput },
  async ({ context, input }) => {
    await askAuditExport(context, input.format, input.filter ?? {});
    revalidatePath('/settings/exports');
  },
);

export const askForEverything = tenantAction(
  { name: 'exports.askForEverything', permission: 'tenant:manage', input: askTenantInput },
  async ({ context, input }) => {
    await askTenantExport(context, input);
    revalidatePath('/settings/exports');
  },
);

export const cancel = tenantAction(
  { name: 'exports.cancel', permission: 'audit:export', input: exportParams },
  ({ context, input }) => cancelExport(context, input.exportId),
);
