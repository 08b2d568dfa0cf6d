import { Badge, Card, CardBody, CardHeader, DateTime } from '@/components/ui';
import type { TrustReport } from '@/lib/trust/contract';
import { figure, figures, type kinds } from './words';

export interface ProofCardProps {
  words: (typeof kinds)[number];
  report: TrustReport | undefined;
  /** The version that runs here. */
  running: string;
}

function Result(props: Omit<ProofCardProps, 'report'> & { report: TrustReport }) {
  const { words, report, running } = props;
  const { cases, held } = figures(report);
  return (
    <>
      <p className="mt-3 text-sm">
        <span data-numeric className="font-semibold text-2xl">
          {figure(held)}
        </span>{' '}
        of {figure(cases)} {words.cases[cases === 1 ? 0 : 1]} {words.held}
      </p>
      {!report.ok && (
        <p className="mt-1 text-danger text-sm">
          {report.failed === 1 ? 'One failed' : `${figure(report.failed)} failed`}. Our staff see
          this too, with what to do about it.
        </p>
      )}
      <p className="mt-2 text-muted text-xs">
        Last run <DateTime value={report.finishedAt} />, version {report.version}
        {report.commit ? `, commit ${report.commit.slice(0, 8)}` : ''}
      </p>
      {report.version !== running && (
        <p className="mt-1 text-sm text-warning">
          This is of another version: {running} runs here, and has no result of its own.
        </p>
      )}
    </>
  );
}

/** One way by which the separation is proven: what it does, when it last ran, what came of it. */
export function ProofCard({ words, report, running }: ProofCardProps) {
  const state = report ? (
    <Badge tone={report.ok ? 'success' : 'danger'}>{report.ok ? 'All held' : 'Not all held'}</Badge>
  ) : (
    <Badge tone="warning">Has not run</Badge>
  );
  return (
    <Card aria-labelledby={words.kind}>
      <CardHeader id={words.kind} title={words.title} actions={state} />
      <CardBody>
        <p className="text-muted text-sm">{words.what}</p>
        {report ? (
          <Result words={words} report={report} running={running} />
        ) : (
          <p className="mt-3 text-sm">No result is here. {words.absent}</p>
        )}
      </CardBody>
    </Card>
  );
}
