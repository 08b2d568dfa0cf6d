import { defineAction } from './action';

/** Archive one channel. One that is archived already stays so. */
export const archiveChannel = defineAction({
  key: 'channels.archive',
  needs: ['channels.manage'],
  changes: true,
  async run({ change }, { channelId }: { readonly channelId: string }) {
    await change({
      action: 'channels.archive',
      would: {
        target: channelId,
        title: 'The channel',
        before: 'In use',
        after: 'Archived: it can be read, and brought back in Slack',
      },
      attempt: async (client) => {
        await client.channelAdministration.archive(channelId);
        return { reference: channelId };
      },
      reconcile: 'safe_to_repeat',
    });
    return { archived: true };
  },
});
