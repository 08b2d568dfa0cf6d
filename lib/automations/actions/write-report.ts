import { defineAction, type ReportDraft } from './action';

/** Keep a table that people can read here and take with them as CSV. */
export const writeReport = defineAction({
  key: 'report.write',
  needs: [],
  changes: false,
  async run({ writeReport: write }, report: ReportDraft) {
    await write(report);
    return { title: report.title, rows: report.rows.length };
  },
});
