import { archiveMessages } from '../actions/archive-messages';
import { ensureLabel } from '../actions/ensure-label';
import { findNewsletters } from '../actions/find-newsletters';
import { mailQuery } from '../actions/mail-query';
import { searchMessages } from '../actions/search-messages';
import { numberField, textField } from '../parameters';
import { defineTemplate } from './template';

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

export const archiveNewsletters = defineTemplate({
  key: 'archive-newsletters',
  title: 'Label and archive newsletters',
  description:
    'Clears old newsletters out of the inbox: each gets a label and moves to the archive, where it can still be found.',
  icon: 'newsletter',
  suggestedCron: '0 6 * * *',
  parameters: {
    label: textField({
      label: 'Label',
      hint: 'Made if it isn’t there yet.',
      default: 'Newsletters',
      maxLength: 100,
    }),
    olderThanDays: numberField({
      label: 'Leave alone what is younger than',
      default: 7,
      min: 1,
      max: 365,
      unit: 'days',
    }),
    limit: numberField({
      label: 'Look through at most',
      hint: 'The newest ones first; what is left waits for the next run.',
      default: 200,
      min: 1,
      max: 500,
      unit: 'messages',
    }),
  },
})
  .step({
    key: 'search',
    title: 'Search the inbox for older messages',
    action: searchMessages,
    input: ({ parameters, run }) => ({
      query: mailQuery(
        run.account.provider,
        { inInbox: true, olderThanDays: parameters.olderThanDays },
        run.now,
      ),
      limit: parameters.limit,
    }),
  })
  .each({
    key: 'look',
    title: 'See which are newsletters',
    size: 25,
    action: findNewsletters,
    items: ({ earlier }) => earlier.search.ids,
    input: (ids) => ({ ids }),
  })
  .stepUnless({
    key: 'label',
    title: 'Get the label ready',
    action: ensureLabel,
    skip: ({ earlier }) =>
      earlier.look.some(({ newsletters }) => newsletters.length > 0)
        ? null
        : 'There is no newsletter to label.',
    input: ({ parameters }) => ({ name: parameters.label }),
  })
  .each({
    key: 'archive',
    title: 'Label and archive',
    size: 25,
    action: archiveMessages,
    items: ({ earlier }) => earlier.look.flatMap(({ newsletters }) => newsletters),
    input: (messages, { earlier, parameters }) => ({
      messages,
      label: earlier.label ?? { id: null, name: parameters.label },
    }),
  })
  .summary(({ earlier, run }) => [
    { label: 'Messages looked at', value: total(earlier.look.map(({ looked }) => looked)) },
    {
      label: run.dryRun ? 'Newsletters that would be archived' : 'Newsletters archived',
      value: total(earlier.archive.map(({ archived }) => archived)),
    },
  ]);
