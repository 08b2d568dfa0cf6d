import { Badge, Card, CardBody, CardHeader, DateTime } from '@/components/ui';
import { isOfRunning, type Release, type TrustReport } from '@/lib/trust/contract';
import { figure, figures, type kinds, stateText } from './words';

export interface ProofCardProps {
  words: (typeof kinds)[number];
  report: TrustReport | undefined;
  /** What runs here. */
  running: Release;
}

function Result(props: Omit<ProofCardProps, 'report'> & { report: TrustReport }) {
  const { words, report, running } = props;
  const { cases, held } = figures(report);
  const of = isOfRunning(report, running);
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
      <p className={of === 'no' ? 'mt-2 text-sm text-warning' : 'mt-2 text-muted text-xs'}>
        Made <DateTime value={report.finishedAt} />, {stateText(report, running)}.
        {of === 'no' && ' What runs here has no result of its own.'}
      </p>
    </>
  );
}

function State({ report, running }: Pick<ProofCardProps, 'report' | 'running'>) {
  if (!report) return <Badge tone="warning">Has not run</Badge>;
  if (!report.ok) return <Badge tone="danger">Not all held</Badge>;
  return isOfRunning(report, running) === 'no' ? (
    <Badge tone="warning">All held, in another state</Badge>
  ) : (
    <Badge tone="success">All held</Badge>
  );
}

/** One way by which the separation is proven: what it does, when it last ran, what came of it. */
export function ProofCard({ words, report, running }: ProofCardProps) {
  return (
    <Card aria-labelledby={words.kind}>
      <CardHeader
        id={words.kind}
        title={words.title}
        actions={<State report={report} running={running} />}
      />
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
