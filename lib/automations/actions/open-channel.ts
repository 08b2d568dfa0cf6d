import { defineAction } from './action';

/** The channel of that name, opened if it isn't there. The id is null only in a dry run. */
export const openChannel = defineAction({
  key: 'channels.open',
  needs: ['channels.manage'],
  changes: true,
  async run({ look, change }, { name }: { readonly name: string }) {
    const { channelAdministration } = await look();
    const existing = await channelAdministration.find(name);
    if (existing && !existing.archived) return { id: existing.id, name, created: false };
    const made = await change({
      action: 'channels.open',
      would: { target: name, title: `Channel #${name}`, before: null, after: 'Opened' },
      attempt: async (client) => {
        const { id } = await client.channelAdministration.open(name, false);
        return { reference: id };
      },
      reconcile: 'safe_to_repeat',
    });
    return { id: made?.reference ?? null, name, created: true };
  },
});
