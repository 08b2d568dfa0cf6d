'use server';
import { revalidatePath } from 'next/cache';
import { cookies } from 'next/headers';
import { tenantAction } from '@/lib/access';
import {
  connectInput,
  connectionInput,
  connectKeyInput,
  connectWithKey,
  disconnect,
  disconnectInput,
  discoverAgain,
  handOverConsent,
  handOverInput,
  startConsent,
  withdrawConsentLink,
} from '@/lib/connections';

/** Begins a consent; the browser goes to the address that comes back. */
export const connect = tenantAction(
  { name: 'connections.connect', permission: 'connections:manage', input: connectInput },
  async ({ context, input }) => {
    const { url, cookie } = await startConsent(context, input);
    (await cookies()).set(cookie.name, cookie.value, cookie.options);
    return { url };
  },
);

/** Connects an organisation by a service account's key, which is checked before it counts. */
export const connectKey = tenantAction(
  { name: 'connections.connectKey', permission: 'connections:manage', input: connectKeyInput },
  ({ context, input: { wish, ...given } }) => connectWithKey(context, wish, given),
);

/** Makes a link for whoever may allow it. */
export const handOver = tenantAction(
  { name: 'connections.handOver', permission: 'connections:manage', input: handOverInput },
  ({ context, input }) => handOverConsent(context, input.wish, input.terms),
);

export const withdrawLink = tenantAction(
  { name: 'connections.withdrawLink', permission: 'connections:manage', input: connectionInput },
  async ({ context, input }) => {
    await withdrawConsentLink(context, input.connectionId);
    revalidatePath(`/connections/${input.connectionId}`);
  },
);

export const discover = tenantAction(
  { name: 'connections.discover', permission: 'connections:discover', input: connectionInput },
  async ({ context, input }) => {
    await discoverAgain(context, input.connectionId);
    revalidatePath(`/connections/${input.connectionId}`);
  },
);

export const disconnectConnection = tenantAction(
  {
    name: 'connections.disconnectConnection',
    permission: 'connections:manage',
    input: disconnectInput,
  },
  async ({ context, input }) => {
    const done = await disconnect(context, input.connectionId, input.confirmation);
    // A page of a connection that is gone is left rather than drawn again.
    if (done.kept) revalidatePath(`/connections/${input.connectionId}`);
    return done;
  },
);
