import { postMessage } from '../actions/post-message';
import { channelField, paragraphField } from '../parameters';
import { defineTemplate } from './template';

export const channelMessage = defineTemplate({
  key: 'channel-message',
  title: 'Remind a channel',
  description:
    'Posts a message to a channel at the times you choose: the weekly report, the stand-up, the deadline.',
  icon: 'message',
  suggestedCron: '0 9 * * 1',
  parameters: {
    channel: channelField({ label: 'Channel' }),
    message: paragraphField({ label: 'Message', maxLength: 3_000 }),
  },
})
  .step({
    key: 'post',
    title: 'Post the message',
    action: postMessage,
    input: ({ parameters }) => ({ channelId: parameters.channel, text: parameters.message }),
  })
  .summary(({ run }) => [{ label: run.dryRun ? 'Would be posted' : 'Posted', value: 1 }]);
