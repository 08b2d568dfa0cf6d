import { defineAction } from './action';

export interface Newsletter {
  readonly id: string;
  readonly from: string;
  readonly subject: string;
  readonly labelIds: readonly string[];
}

/** Which of these messages are newsletters: they carry List-Unsubscribe (RFC 2369). */
export const findNewsletters = defineAction({
  key: 'mail.find_newsletters',
  needs: ['mail.read'],
  changes: false,
  async run({ look }, { ids }: { readonly ids: readonly string[] }) {
    const { mail } = await look();
    const newsletters: Newsletter[] = [];
    for (const id of ids) {
      const { from, subject, labelIds, listUnsubscribe } = await mail.getMessage(id);
      if (listUnsubscribe !== null) newsletters.push({ id, from, subject, labelIds });
    }
    return { looked: ids.length, newsletters };
  },
});
