import Link from 'next/link';
import { Card, DateTime, ProviderMark, Spinner } from '@/components/ui';
import { type ConnectionView, nameOf, stateMeanings } from '@/lib/connections/contract';
import { providerNames } from '@/lib/providers/contract';
import { ConnectionBadge } from './connection-badge';
import { wayWords } from './way-words';

/** One connection in the list; the whole card leads to it. */
export function ConnectionCard({ connection }: { connection: ConnectionView }) {
  const { id, provider, authority, connected, state, stateReason, awaiting } = connection;
  return (
    <li className="min-w-0">
      <Card className="relative flex h-full flex-col transition-colors hover:border-border-strong">
        <div className="flex items-start gap-3 px-4 pt-4">
          <ProviderMark provider={provider} />
          <div className="min-w-0 flex-1">
            <h2 className="truncate font-semibold text-base">
              <Link href={`/connections/${id}`} className="after:absolute after:inset-0">
                {nameOf(connection)}
              </Link>
            </h2>
            <p className="text-pretty text-muted text-sm">
              {connected
                ? `${providerNames[provider]} · ${wayWords[provider][authority].label.toLowerCase()}`
                : `${wayWords[provider][authority].label}, not connected yet`}
            </p>
          </div>
        </div>
        <div className="flex flex-1 flex-col items-start gap-2 px-4 py-3.5">
          <ConnectionBadge state={state} handedOut={awaiting !== null} />
          {state !== 'active' && (
            <p className="text-pretty text-muted text-sm">
              {awaiting && !connected
                ? `${awaiting.forEmail} was asked to allow it.`
                : (stateReason ?? stateMeanings[state])}
            </p>
          )}
        </div>
        <Figures connection={connection} />
      </Card>
    </li>
  );
}

function Figures({ connection }: { connection: ConnectionView }) {
  const { resources, discovering, lastUsedAt } = connection;
  return (
    <dl className="grid grid-cols-2 gap-4 border-t px-4 py-3 text-sm">
      <div>
        <dt className="text-muted text-xs">Resources</dt>
        <dd data-numeric className="flex items-center gap-2 font-medium">
          {resources}
          {discovering && <Spinner label="A discovery is going on" className="text-faint" />}
        </dd>
      </div>
      <div>
        <dt className="text-muted text-xs">Last used</dt>
        <dd className="truncate font-medium">
          {lastUsedAt ? <DateTime value={lastUsedAt} /> : 'Never'}
        </dd>
      </div>
    </dl>
  );
}
