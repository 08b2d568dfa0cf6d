import { defineAction } from './action';
import { inbox } from './archive-messages';

export interface Newsletter {
  readonly id: string;
  readonly from: string;
  readonly subject: string;
  readonly labelIds: readonly string[];
}

/** Which of these are newsletters in the inbox: they carry List-Unsubscribe (RFC 2369). */
export const findNewsletters = defineAction({
  key: 'mail.find_newsletters',
  needs: ['mail.read'],
  changes: false,
  async run({ look }, { ids }: { readonly ids: readonly string[] }) {
    const { mail } = await look();
    const newsletters: Newsletter[] = [];
    for (const id of ids) {
      const { from, subject, labelIds, listUnsubscribe } = await mail.getMessage(id);
      const inInbox = labelIds.includes(inbox);
      if (listUnsubscribe !== null && inInbox) newsletters.push({ id, from, subject, labelIds });
    }
    return { looked: ids.length, newsletters };
  },
});
