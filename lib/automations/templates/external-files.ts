import { findSharedFiles } from '../actions/find-shared-files';
import { writeReport } from '../actions/write-report';
import type { ReportColumn } from '../contract';
import { domainsField, numberField } from '../parameters';
import { defineTemplate } from './template';

const columns: readonly ReportColumn[] = [
  { key: 'name', label: 'File', type: 'text' },
  { key: 'sharedWith', label: 'Shared with', type: 'text' },
  { key: 'access', label: 'Access', type: 'text' },
  { key: 'owner', label: 'Owner', type: 'text' },
  { key: 'modifiedAt', label: 'Last changed', type: 'instant' },
  { key: 'link', label: 'Link', type: 'link' },
];

export const externalFiles = defineTemplate({
  key: 'external-files',
  title: 'Files shared outside',
  description:
    'Lists every file that somebody outside your organisation can open: with whom it is shared, what they may do, and a link to put it right.',
  icon: 'sharing',
  suggestedCron: '0 8 * * 1',
  parameters: {
    ownDomains: domainsField({
      label: 'Domains that count as yours',
      hint: 'Empty: the domain of the connected account. Separate several with commas.',
    }),
    limit: numberField({
      label: 'Stop after',
      default: 1_000,
      min: 1,
      max: 2_000,
      unit: 'files',
    }),
  },
})
  .step({
    key: 'find',
    title: 'Look through the files and who can open them',
    action: findSharedFiles,
    input: ({ parameters, run }) => ({
      ownDomains:
        parameters.ownDomains.length > 0
          ? parameters.ownDomains
          : [run.account.domain ?? run.account.email.split('@').at(-1) ?? ''],
      limit: parameters.limit,
    }),
  })
  .step({
    key: 'report',
    title: 'Write the report',
    action: writeReport,
    input: ({ earlier }) => ({
      title: 'Files shared outside the organisation',
      columns,
      rows: earlier.find.shares.map((share) => ({ ...share })),
    }),
  })
  .summary(({ earlier }) => [
    { label: 'Files that outsiders can open', value: earlier.find.files },
    { label: 'Shares in the report', value: earlier.report.rows },
  ]);
