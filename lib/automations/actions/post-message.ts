import { defineAction } from './action';
import { stableId } from './stable-id';

interface Input {
  /** The provider's id. */
  readonly channelId: string;
  /** Plain text. */
  readonly text: string;
}

/** Longest part of a message that stands on the record of a run. */
const shown = 80;

/** Post one message to a channel. A lost answer is looked up before another try. */
export const postMessage = defineAction({
  key: 'channels.post',
  needs: ['channels.post'],
  changes: true,
  async run({ run, stepKey, change }, { channelId, text }: Input) {
    const message = { channelId, text, key: stableId(run.runId, stepKey) };
    const posted = await change({
      action: 'channels.post',
      would: {
        target: channelId,
        title: 'Message to the channel',
        before: null,
        after: `Posted: ${text.slice(0, shown)}${text.length > shown ? '…' : ''}`,
      },
      attempt: async (client) => {
        const { id, link } = await client.channels.post(message);
        return { reference: id, outcome: { link } };
      },
      reconcile: async (client) => {
        const found = await client.channels.findPosted(message);
        if (found === 'unclear') return { was: 'unclear' };
        return found
          ? { was: 'done', result: { reference: found.id, outcome: { link: found.link } } }
          : { was: 'not_done' };
      },
    });
    return { id: posted?.reference ?? null };
  },
});
