import { Callout, DateTime, providerName } from '@/components/ui';
import type { AppFaultView } from '@/lib/app-faults/contract';

/** Providers that do not let us in, which is ours to mend. */
export function AppFaultNotices({ faults }: { faults: readonly AppFaultView[] }) {
  if (faults.length === 0) return null;
  return (
    <div className="mb-6 flex flex-col gap-2">
      {faults.map(({ provider, since }) => (
        <Callout
          key={provider}
          tone="info"
          title={`${providerName(provider)} does not let Tenantry in at the moment`}
        >
          Since <DateTime value={since} format="absolute" />. It is not about your connections, and
          you need not do anything about it: we are on it, and what waits for it goes on by itself.
        </Callout>
      ))}
    </div>
  );
}
