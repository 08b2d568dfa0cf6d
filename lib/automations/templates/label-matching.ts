import { ensureLabel } from '../actions/ensure-label';
import { labelMessages } from '../actions/label-messages';
import { mailQuery } from '../actions/mail-query';
import { searchMessages } from '../actions/search-messages';
import { numberField, textField } from '../parameters';
import { defineTemplate } from './template';

export const labelMatching = defineTemplate({
  key: 'label-matching',
  title: 'Label mail that matches',
  description:
    'Looks for recent messages with words you choose and gives them a label (in Outlook, a category), so that they are found together.',
  icon: 'label',
  suggestedCron: '0 * * * *',
  parameters: {
    words: textField({
      label: 'Words to look for',
      hint: 'As in the search of your mail program.',
      maxLength: 200,
    }),
    label: textField({
      label: 'Label',
      hint: 'Made if it isn’t there yet. Outlook calls it a category.',
      maxLength: 100,
    }),
    days: numberField({
      label: 'Received in the last',
      default: 2,
      min: 1,
      max: 365,
      unit: 'days',
    }),
    limit: numberField({
      label: 'Look through at most',
      default: 200,
      min: 1,
      max: 500,
      unit: 'messages',
    }),
  },
})
  .step({
    key: 'search',
    title: 'Search the mail',
    action: searchMessages,
    input: ({ parameters, run }) => ({
      query: mailQuery(
        run.account.provider,
        { words: parameters.words, newerThanDays: parameters.days },
        run.now,
      ),
      limit: parameters.limit,
    }),
  })
  .stepUnless({
    key: 'label',
    title: 'Get the label ready',
    action: ensureLabel,
    skip: ({ earlier }) => (earlier.search.ids.length > 0 ? null : 'There is nothing to label.'),
    input: ({ parameters }) => ({ name: parameters.label }),
  })
  .each({
    key: 'mark',
    title: 'Label the messages',
    size: 25,
    action: labelMessages,
    items: ({ earlier }) => earlier.search.ids,
    input: (ids, { earlier, parameters }) => ({
      ids,
      label: earlier.label ?? { id: null, name: parameters.label },
    }),
  })
  .summary(({ earlier, run }) => [
    { label: 'Messages that match', value: earlier.search.ids.length },
    {
      label: run.dryRun ? 'Would be labelled' : 'Labelled',
      value: earlier.mark.reduce((sum, { labelled }) => sum + labelled, 0),
    },
  ]);
