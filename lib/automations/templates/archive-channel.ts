import { archiveChannel } from '../actions/archive-channel';
import { postMessage } from '../actions/post-message';
import { channelField, paragraphField } from '../parameters';
import { defineTemplate } from './template';

export const archiveOldChannel = defineTemplate({
  key: 'archive-channel',
  title: 'Close a channel',
  description:
    'Says goodbye in a channel whose time is over, and archives it. It can still be read, and brought back by hand.',
  icon: 'archive',
  suggestedCron: '0 17 * * 5',
  parameters: {
    channel: channelField({ label: 'Channel' }),
    farewell: paragraphField({
      label: 'Last message',
      default: 'This channel is archived now. Thank you, everybody.',
      maxLength: 3_000,
    }),
  },
})
  .step({
    key: 'farewell',
    title: 'Post the last message',
    action: postMessage,
    input: ({ parameters }) => ({ channelId: parameters.channel, text: parameters.farewell }),
  })
  .step({
    key: 'archive',
    title: 'Archive the channel',
    action: archiveChannel,
    input: ({ parameters }) => ({ channelId: parameters.channel }),
  })
  .summary(({ run }) => [{ label: run.dryRun ? 'Would be archived' : 'Archived', value: 1 }]);
