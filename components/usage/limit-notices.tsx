import { ButtonLink, Callout } from '@/components/ui';
import { type BoundedKey, type PressingLimits, pressing } from '@/lib/usage/contract';

const number = (value: number) => value.toLocaleString('en-GB');

const gone: Readonly<Record<BoundedKey, string>> = {
  runsPerMonth:
    'New runs are refused and schedules are skipped until the first of next month (UTC).',
  automations: 'No further automation can be made or switched on.',
  members: 'Nobody further can be invited.',
};

/** What happens at 100 %, where staff chose that runs go on. */
const goesOn = 'Runs go on all the same; our support will get in touch.';

interface LimitNoticesProps extends PressingLimits {
  /** Where the reader may see more. */
  href?: string | undefined;
}

/** Says which limits are near or reached, and what to do; nothing when all is well. */
export function LimitNotices({ limits, onlyTell, href }: LimitNoticesProps) {
  const near = pressing(limits);
  if (near.length === 0) return null;
  return (
    <div className="mb-6 flex flex-col gap-3">
      {near.map(({ key, title, used, most, percent }) => (
        <Callout
          key={key}
          tone={percent >= 100 ? 'danger' : 'warning'}
          title={`${title}: ${number(used)} of ${number(most)} used`}
          action={href && <ButtonLink href={href}>See usage</ButtonLink>}
        >
          {percent >= 100 && (key === 'runsPerMonth' && onlyTell ? goesOn : gone[key])}{' '}
          {percent < 100 && `${100 - percent} % are left.`} Ask our support if you need more.
        </Callout>
      ))}
    </div>
  );
}
