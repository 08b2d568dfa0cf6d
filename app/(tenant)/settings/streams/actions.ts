'use server';
import { revalidatePath } from 'next/cache';
import { tenantAction } from '@/lib/access';
import {
  createStream,
  createStreamInput,
  pauseStream,
  removeStream,
  removeStreamInput,
  resumeStream,
  streamParams,
  testStream,
} from '@/lib/streams';

const page = '/settings/streams';

export const create = tenantAction(
  { name: 'streams.create', permission: 'streams:manage', input: createStreamInput },
  async ({ context, input }) => {
    const { signingSecret } = await createStream(context, input);
    revalidatePath(page);
    return { signingSecret };
  },
);

export const pause = tenantAction(
  { name: 'streams.pause', permission: 'streams:manage', input: streamParams },
  async ({ context, input }) => {
    await pauseStream(context, input.streamId);
    revalidatePath(page);
  },
);

export const resume = tenantAction(
  { name: 'streams.resume', permission: 'streams:manage', input: streamParams },
  async ({ context, input }) => {
    await resumeStream(context, input.streamId);
    revalidatePath(page);
  },
);

export const sendTest = tenantAction(
  { name: 'streams.sendTest', permission: 'streams:manage', input: streamParams },
  ({ context, input }) => testStream(context, input.streamId),
);

export const remove = tenantAction(
  { name: 'streams.remove', permission: 'streams:manage', input: removeStreamInput },
  async ({ context, input }) => {
    await removeStream(context, input.streamId, input.confirmation);
    revalidatePath(page);
  },
);
