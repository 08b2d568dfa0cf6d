import { readAgenda } from '../actions/read-agenda';
import { sendMail } from '../actions/send-mail';
import { calendarsField, emailField, timeZoneField } from '../parameters';
import { agendaMail } from './agenda-text';
import { defineTemplate } from './template';

export const morningAgenda = defineTemplate({
  key: 'morning-agenda',
  title: 'Morning agenda by mail',
  description:
    'Mails you what the day brings: times, places and people from the calendars you choose, in your time zone.',
  icon: 'agenda',
  suggestedCron: '0 7 * * 1-5',
  parameters: {
    recipient: emailField({ label: 'Send it to' }),
    calendars: calendarsField({
      label: 'Calendars',
      hint: 'None chosen: all that are shown in the calendar.',
    }),
    timeZone: timeZoneField({
      label: 'Time zone',
      hint: 'Decides when the day begins, and the times in the mail.',
    }),
  },
})
  .step({
    key: 'read',
    title: 'Read today’s events',
    action: readAgenda,
    input: ({ parameters, run }) => ({
      day: run.now.toISOString(),
      timeZone: parameters.timeZone,
      calendars: parameters.calendars,
    }),
  })
  .step({
    key: 'send',
    title: 'Send the agenda',
    action: sendMail,
    input: ({ parameters, earlier, run }) => ({
      to: parameters.recipient,
      ...agendaMail(earlier.read.entries, run.now, parameters.timeZone),
    }),
  })
  .summary(({ earlier, run }) => [
    { label: 'Events today', value: earlier.read.entries.length },
    { label: run.dryRun ? 'Would be mailed to' : 'Mailed to', value: earlier.send.to },
  ]);
