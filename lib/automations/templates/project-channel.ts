import { invitePeople } from '../actions/invite-people';
import { openChannel } from '../actions/open-channel';
import { postMessage } from '../actions/post-message';
import { emailsField, paragraphField, textField } from '../parameters';
import { defineTemplate } from './template';

export const projectChannel = defineTemplate({
  key: 'project-channel',
  title: 'Open a channel for a project',
  description:
    'Opens a public channel, invites the people of the project and says welcome. Run again, it invites who has joined the list since.',
  icon: 'channel',
  suggestedCron: '0 8 * * 1-5',
  parameters: {
    name: textField({
      label: 'Name of the channel',
      hint: 'Lower case letters, digits and hyphens.',
      maxLength: 80,
    }),
    people: emailsField({ label: 'Invite', hint: 'Mail addresses, with commas between them.' }),
    welcome: paragraphField({
      label: 'First message',
      default: 'Welcome! This channel is for our project.',
      maxLength: 3_000,
    }),
  },
})
  .step({
    key: 'open',
    title: 'Open the channel',
    action: openChannel,
    input: ({ parameters }) => ({ name: parameters.name.replace(/^#/, '').toLowerCase() }),
  })
  .step({
    key: 'invite',
    title: 'Invite the people',
    action: invitePeople,
    input: ({ parameters, earlier }) => ({
      channelId: earlier.open.id,
      channelName: earlier.open.name,
      people: parameters.people,
    }),
  })
  .stepUnless({
    key: 'welcome',
    title: 'Say welcome',
    action: postMessage,
    skip: ({ earlier }) => (earlier.open.created ? null : 'The channel was there already.'),
    input: ({ parameters, earlier }) => ({
      channelId: earlier.open.id ?? earlier.open.name,
      text: parameters.welcome,
    }),
  })
  .summary(({ earlier, run }) => [
    { label: 'Channel', value: `#${earlier.open.name}` },
    { label: run.dryRun ? 'Would be invited' : 'Invited', value: earlier.invite.invited },
    { label: 'Not known there', value: earlier.invite.unknown.join(', ') || 'Nobody' },
  ]);
