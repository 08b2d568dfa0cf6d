import { defineAction } from './action';
import type { Newsletter } from './find-newsletters';

interface Input {
  readonly messages: readonly Newsletter[];
  readonly label: { readonly id: string | null; readonly name: string };
}

/**
 * Gmail's own name of the inbox (https://developers.google.com/workspace/gmail/api/guides/labels), by
 * which every provider's inbox goes.
 */
export const inbox = 'INBOX';

/** Give messages a label and take them out of the inbox, one effect each. */
export const archiveMessages = defineAction({
  key: 'mail.archive',
  needs: ['mail.label'],
  changes: true,
  async run({ change }, { messages, label }: Input) {
    for (const { id, from, subject } of messages) {
      await change({
        action: 'mail.archive',
        would: {
          target: id,
          title: `${subject || '(no subject)'} · ${from}`,
          before: 'In the inbox',
          after: `Archived with label “${label.name}”`,
        },
        attempt: async (client) => {
          const add = label.id === null ? [] : [label.id];
          await client.mail.modifyMessageLabels(id, { add, remove: [inbox] });
          return { reference: id, outcome: { added: add, removed: [inbox] } };
        },
        reconcile: 'safe_to_repeat',
      });
    }
    return { archived: messages.length };
  },
});
