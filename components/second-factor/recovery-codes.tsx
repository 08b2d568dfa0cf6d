import type { ReactNode } from 'react';
import { Callout, CopyButton } from '@/components/ui';

export interface RecoveryCodesProps {
  codes: readonly string[];
  /** What to do once they are kept. */
  action: ReactNode;
}

/** Shows recovery codes, once. */
export function RecoveryCodes({ codes, action }: RecoveryCodesProps) {
  return (
    <div className="flex flex-col gap-4">
      <Callout tone="warning" title="Keep these recovery codes now" role="status">
        They are shown only once. Each lets you in once when you have lost your app; a password
        manager is a good place.
      </Callout>
      <div className="flex items-start justify-between gap-2 rounded-lg border bg-sunken px-3.5 py-3">
        <ul aria-label="Recovery codes" className="min-w-0 space-y-1 font-mono text-xs">
          {codes.map((code) => (
            <li key={code} className="break-all">
              {code}
            </li>
          ))}
        </ul>
        <CopyButton value={codes.join('\n')} label="Copy recovery codes" />
      </div>
      {action}
    </div>
  );
}
