import { Fragment } from 'react';
import { DateTime } from '@/components/ui';
import { type LimitKey, limitWords } from '@/lib/limits/contract';
import type { TenantLimitsView } from '@/lib/platform/contract';

interface InForceProps {
  limitKey: LimitKey;
  limits: TenantLimitsView;
}

/** A limit in force, and what takes its place once the tenant's owners have had notice of it. */
export function InForce({ limitKey, limits }: InForceProps) {
  const later = limits.later.filter(({ key }) => key === limitKey);
  return (
    <>
      {limits.inForce[limitKey].toLocaleString('en')} {limitWords[limitKey].unit}
      {later.map(({ days, from }) => (
        <Fragment key={from}>
          , {days.toLocaleString('en')} from <DateTime value={from} format="absolute" />
        </Fragment>
      ))}
    </>
  );
}
