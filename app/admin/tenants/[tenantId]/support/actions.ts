'use server';
import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { staffAction } from '@/lib/access';
import { claimedSupport, enterSupport, leaveSupport } from '@/lib/auth';
import {
  askForSupport,
  askToMend,
  askToMendInput,
  ownSupportInput,
  resumeSupport,
  startSupport,
  startSupportInput,
  stopSupport,
} from '@/lib/support';

/** Begins a session, and leads into the customer's workspace. */
export const startSession = staffAction(
  { name: 'support.start', role: 'support', input: startSupportInput },
  async ({ staff, input }) => {
    const sessionId = await startSupport(staff, input);
    await enterSupport({ tenantId: input.tenantId, sessionId });
    redirect('/overview');
  },
);

/** Goes on in one's own session. */
export const resumeSession = staffAction(
  { name: 'support.resume', role: 'support', input: ownSupportInput },
  async ({ staff, input }) => {
    const sessionId = await resumeSupport(staff, input.tenantId);
    await enterSupport({ tenantId: input.tenantId, sessionId });
    redirect('/overview');
  },
);

/** Stops it, and leads back to the console. */
export const stopSession = staffAction(
  { name: 'support.stop', role: 'support', input: ownSupportInput },
  async ({ staff, input }) => {
    await stopSupport(staff, input.tenantId);
    // This browser may be in another tenant by now.
    if ((await claimedSupport())?.tenantId === input.tenantId) await leaveSupport();
    redirect(`/admin/tenants/${input.tenantId}/support`);
  },
);

/** Asks the owners of a tenant that wants to be asked. */
export const askOwners = staffAction(
  { name: 'support.ask', role: 'support', input: startSupportInput },
  async ({ staff, input }) => {
    await askForSupport(staff, input);
    revalidatePath(`/admin/tenants/${input.tenantId}/support`);
  },
);

/** Asks a second person of the staff to let one's session mend. */
export const askMending = staffAction(
  { name: 'support.askToMend', role: 'support', input: askToMendInput },
  ({ staff, input }) => askToMend(staff, input),
);
