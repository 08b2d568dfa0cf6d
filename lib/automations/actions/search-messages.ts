import { defineAction } from './action';

/** Ids of the messages that match, newest first. */
export const searchMessages = defineAction({
  key: 'mail.search',
  needs: ['mail.read'],
  changes: false,
  async run({ look }, input: { readonly query: string; readonly limit: number }) {
    const { mail } = await look();
    const ids: string[] = [];
    for await (const batch of mail.searchMessages(input)) ids.push(...batch);
    return { ids };
  },
});
