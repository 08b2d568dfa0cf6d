import { defineAction } from './action';

interface Input {
  readonly ids: readonly string[];
  readonly label: { readonly id: string | null; readonly name: string };
}

/** Give messages a label, one effect each; those that have it are left alone. */
export const labelMessages = defineAction({
  key: 'mail.label',
  needs: ['mail.read', 'mail.label'],
  changes: true,
  async run({ look, change }, { ids, label }: Input) {
    const { mail } = await look();
    let labelled = 0;
    for (const id of ids) {
      const { from, subject, labelIds } = await mail.getMessage(id);
      if (label.id !== null && labelIds.includes(label.id)) continue;
      await change({
        action: 'mail.label',
        would: {
          target: id,
          title: `${subject || '(no subject)'} · ${from}`,
          before: null,
          after: `Labelled “${label.name}”`,
        },
        attempt: async (client) => {
          const add = label.id === null ? [] : [label.id];
          await client.mail.modifyMessageLabels(id, { add });
          return { reference: id, outcome: { added: add } };
        },
        reconcile: 'safe_to_repeat',
      });
      labelled += 1;
    }
    return { looked: ids.length, labelled };
  },
});
