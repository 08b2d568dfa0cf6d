import { mailQuery } from '../actions/mail-query';
import { mergeSenders, readAttachments } from '../actions/read-attachments';
import { searchMessages } from '../actions/search-messages';
import { writeReport } from '../actions/write-report';
import type { ReportColumn } from '../contract';
import { numberField } from '../parameters';
import { defineTemplate } from './template';

const columns: readonly ReportColumn[] = [
  { key: 'sender', label: 'Sender', type: 'text' },
  { key: 'name', label: 'Name', type: 'text' },
  { key: 'messages', label: 'Messages', type: 'number' },
  { key: 'files', label: 'Files', type: 'number' },
  { key: 'bytes', label: 'Size', type: 'bytes' },
  { key: 'lastFile', label: 'Last file', type: 'text' },
  { key: 'lastAt', label: 'Last received', type: 'instant' },
];

export const attachmentSenders = defineTemplate({
  key: 'attachment-senders',
  title: 'Who sends you files',
  description:
    'Makes a table of everybody who sent attachments: how many, how large, the last one and when. Reads names and sizes, opens nothing.',
  icon: 'attachment',
  suggestedCron: '0 7 * * 1',
  parameters: {
    days: numberField({
      label: 'Look back over',
      default: 90,
      min: 1,
      max: 730,
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
    title: 'Search for messages with files',
    action: searchMessages,
    input: ({ parameters, run }) => ({
      query: mailQuery(
        run.account.provider,
        { hasAttachment: true, newerThanDays: parameters.days },
        run.now,
      ),
      limit: parameters.limit,
    }),
  })
  .each({
    key: 'read',
    title: 'Read who sent what',
    size: 25,
    action: readAttachments,
    items: ({ earlier }) => earlier.search.ids,
    input: (ids) => ({ ids }),
  })
  .step({
    key: 'report',
    title: 'Write the report',
    action: writeReport,
    input: ({ earlier, parameters }) => ({
      title: `Senders of attachments, last ${parameters.days} days`,
      columns,
      rows: mergeSenders(earlier.read.flatMap(({ senders }) => senders)).map(
        ({ address, ...rest }) => ({ sender: address, ...rest }),
      ),
    }),
  })
  .summary(({ earlier }) => [
    { label: 'Messages with files', value: earlier.search.ids.length },
    { label: 'Senders in the report', value: earlier.report.rows },
  ]);
