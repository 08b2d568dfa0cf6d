import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { ReportTable } from '@/components/reports/report-table';
import { ButtonLink, buttonStyles, DateTime, PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { readReport, reportLines, reportParams } from '@/lib/automations';

export const metadata: Metadata = { title: 'Report' };

export default tenantPage(
  { permission: 'reports:read', params: reportParams },
  async ({ context, params }) => {
    const [report, first] = await Promise.all([
      readReport(context, params.id),
      reportLines(context, params.id),
    ]);
    return (
      <>
        <PageHeader
          breadcrumbs={[{ label: 'Reports', href: '/reports' }]}
          title={report.title}
          description={
            <>
              Made by{' '}
              <Link
                href={`/automations/${report.automationId}`}
                className="text-accent underline underline-offset-4"
              >
                {report.automationName}
              </Link>
              , <DateTime value={report.createdAt} />
            </>
          }
          actions={
            <>
              <ButtonLink href={`/runs/${report.runId}`}>The run that made it</ButtonLink>
              <a
                href={`/api/reports/${report.id}/csv`}
                download
                className={buttonStyles({ variant: 'primary' })}
              >
                <Download aria-hidden />
                Export CSV
              </a>
            </>
          }
        />
        <ReportTable
          reportId={report.id}
          columns={report.columns}
          rowCount={report.rowCount}
          first={first}
        />
      </>
    );
  },
);
