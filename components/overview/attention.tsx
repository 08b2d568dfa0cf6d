import { ButtonLink, Callout, providerName } from '@/components/ui';
import { stateMeanings } from '@/lib/connections/contract';
import { type ConnectionHealth, needsAttention } from '@/lib/overview/contract';

/** Connections that wait for a person; nothing when there is none. */
export function Attention({ connections }: { connections: readonly ConnectionHealth[] }) {
  const waiting = connections.filter(needsAttention);
  if (waiting.length === 0) return null;
  return (
    <div className="mb-6 flex flex-col gap-2">
      {waiting.map((connection) => (
        <Callout
          key={connection.id}
          tone="warning"
          title={`${providerName(connection.provider)}${connection.account ? `, ${connection.account}` : ''}`}
          action={
            <ButtonLink size="sm" href={`/connections/${connection.id}`}>
              Put it right
            </ButtonLink>
          }
        >
          {connection.stateReason ?? stateMeanings[connection.state]}
        </Callout>
      ))}
    </div>
  );
}
