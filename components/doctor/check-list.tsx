import { CircleCheck, CircleX } from 'lucide-react';
import { Badge, Card, CardHeader, cn, DateTime } from '@/components/ui';
import {
  type DoctorCheck,
  type DoctorDocument,
  type DoctorFinding,
  doctorAreaLabels,
  doctorAreas,
} from '@/lib/doctor/contract';

function Finding({ finding }: { finding: DoctorFinding }) {
  const danger = finding.severity === 'danger';
  return (
    <li className="rounded-lg border bg-sunken/60 px-3 py-2.5 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Badge tone={danger ? 'danger' : 'warning'}>
          {danger ? 'Rows could get out' : 'Warning'}
        </Badge>
        <span className="wrap-anywhere text-muted text-xs">{finding.where}</span>
      </p>
      <p className="wrap-anywhere mt-1.5 font-medium">{finding.problem}</p>
      <p className="wrap-anywhere mt-1 text-muted">
        <span className="font-medium text-text">What to do: </span>
        {finding.remedy}
      </p>
    </li>
  );
}

function Check({ check }: { check: DoctorCheck }) {
  const held = check.findings.length === 0;
  const Icon = held ? CircleCheck : CircleX;
  return (
    <li className="px-4 py-2.5 sm:px-5">
      <div className="flex items-start gap-2.5">
        <Icon
          aria-hidden
          className={cn('mt-0.5 size-4 shrink-0', held ? 'text-success' : 'text-danger')}
        />
        <div className="flex min-w-0 flex-1 flex-wrap justify-between gap-x-4">
          <p className="min-w-0 text-sm">
            <span className="sr-only">{held ? 'Held: ' : 'Found something: '}</span>
            {check.check}
          </p>
          <p className="wrap-anywhere text-muted text-xs leading-5">{check.looked}</p>
        </div>
      </div>
      {!held && (
        <ul className="mt-2.5 flex flex-col gap-2 sm:ml-6.5">
          {check.findings.map((finding) => (
            <Finding key={`${finding.where} ${finding.problem}`} finding={finding} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** What was looked at and what was found, by what it is about. */
export function CheckList({ document }: { document: DoctorDocument }) {
  const areas = doctorAreas
    .map((area) => ({ area, checks: document.checks.filter((check) => check.area === area) }))
    .filter(({ checks }) => checks.length > 0);
  return (
    <div className="flex flex-col gap-5">
      {areas.map(({ area, checks }) => {
        const held = checks.filter(({ findings }) => findings.length === 0).length;
        const ofCode = checks.every(({ source }) => source === 'code');
        return (
          <Card key={area} aria-labelledby={area}>
            <CardHeader
              id={area}
              title={doctorAreaLabels[area]}
              description={
                ofCode ? (
                  <>
                    The code as of the start, <DateTime value={document.codeAt} />
                  </>
                ) : undefined
              }
              actions={
                <span data-numeric className="text-muted text-sm">
                  {held} of {checks.length} hold
                </span>
              }
            />
            <ul className="divide-y">
              {checks.map((check) => (
                <Check key={check.check} check={check} />
              ))}
            </ul>
          </Card>
        );
      })}
    </div>
  );
}
