import { Card, CardBody, CardHeader, Progress } from '@/components/ui';
import { type LimitStanding, warnPercent } from '@/lib/usage/contract';

const toneOf = ({ percent }: LimitStanding) => {
  if (percent >= 100) return 'danger';
  return percent >= warnPercent ? 'warning' : 'accent';
};

interface LimitMetersProps {
  limits: readonly LimitStanding[];
  /** What happens when the month's runs are used up. */
  consequence: string;
}

/** How far an organisation is with what it may have. */
export function LimitMeters({ limits, consequence }: LimitMetersProps) {
  return (
    <Card aria-labelledby="limits">
      <CardHeader id="limits" title="Limits" description={consequence} />
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-4 md:grid-cols-3">
        {limits.map((limit) => (
          <Progress
            key={limit.key}
            label={limit.title}
            value={Math.min(limit.used, limit.most)}
            max={Math.max(limit.most, 1)}
            tone={toneOf(limit)}
            caption={limit.title}
            detail={`${limit.used.toLocaleString('en-GB')} of ${limit.most.toLocaleString('en-GB')} · ${limit.percent} %`}
          />
        ))}
      </CardBody>
    </Card>
  );
}
