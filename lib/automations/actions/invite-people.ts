import { defineAction } from './action';

interface Input {
  /** Null in a dry run of a channel that is not there yet. */
  readonly channelId: string | null;
  readonly channelName: string;
  /** Mail addresses. */
  readonly people: readonly string[];
}

/** Invite people to a channel, one effect each; who is unknown to the provider is reported. */
export const invitePeople = defineAction({
  key: 'channels.invite',
  needs: ['channels.manage'],
  changes: true,
  async run({ look, change }, { channelId, channelName, people }: Input) {
    const { channelAdministration } = await look();
    const unknown: string[] = [];
    for (const address of people) {
      const accountId = await channelAdministration.findPerson(address);
      if (accountId === null) {
        unknown.push(address);
        continue;
      }
      await change({
        action: 'channels.invite',
        would: {
          target: `${channelId ?? channelName}/${accountId}`,
          title: address,
          before: null,
          after: `Invited to #${channelName}`,
        },
        attempt: async (client) => {
          await client.channelAdministration.invite(channelId ?? '', [accountId]);
          return { reference: accountId };
        },
        reconcile: 'safe_to_repeat',
      });
    }
    return { invited: people.length - unknown.length, unknown };
  },
});
