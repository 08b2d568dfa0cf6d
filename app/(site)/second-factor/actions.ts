'use server';
import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { publicAction } from '@/lib/access';
import {
  beginOwnEnrolment,
  confirmOwnEnrolment,
  landing,
  ownStandInCode,
  proveSession,
  removeOwnFactor,
  renewOwnRecoveryCodes,
} from '@/lib/auth';
import { found } from '@/lib/errors';
import { proveInput } from '@/lib/second-factor';

/** Pages that show how one's factor stands. */
function refresh(): void {
  for (const page of ['/second-factor', '/account', '/admin/account']) revalidatePath(page);
}

const next = z.string().max(2048).optional().catch(undefined);

export const prove = publicAction(
  { name: 'second-factor.prove', input: proveInput.extend({ next }) },
  async ({ input, facts }) => {
    await proveSession(input.code, facts);
    redirect(await landing(input.next));
  },
);

export const begin = publicAction(
  { name: 'second-factor.begin', input: z.object({}) },
  async () => {
    await beginOwnEnrolment();
    refresh();
  },
);

export const confirm = publicAction(
  { name: 'second-factor.confirm', input: proveInput },
  async ({ input, facts }) => {
    const recoveryCodes = await confirmOwnEnrolment(input.code, facts);
    refresh();
    return { recoveryCodes };
  },
);

export const switchOff = publicAction(
  { name: 'second-factor.switchOff', input: proveInput },
  async ({ input, facts }) => {
    await removeOwnFactor(input.code, facts);
    refresh();
  },
);

export const renewCodes = publicAction(
  { name: 'second-factor.renewCodes', input: proveInput },
  async ({ input, facts }) => {
    const recoveryCodes = await renewOwnRecoveryCodes(input.code, facts);
    refresh();
    return { recoveryCodes };
  },
);

/** In a demo, what a stand-in for one's app shows; anywhere else there is nothing of the kind. */
export const showStandIn = publicAction(
  { name: 'second-factor.showStandIn', input: z.void() },
  async () => found(await ownStandInCode()),
);
