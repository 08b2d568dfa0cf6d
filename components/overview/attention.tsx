import { ButtonLink, Callout, providerName } from '@/components/ui';
import { stateMeanings } from '@/lib/connections/contract';
import { type ConnectionHealth, needsAttention } from '@/lib/overview/contract';
import { can, type MemberRole } from '@/lib/tenancy/contract';

export interface AttentionProps {
  connections: readonly ConnectionHealth[];
  /** Of who looks: not everybody can do something about it. */
  role: MemberRole;
}

/** Connections that wait for a person; nothing when there is none. */
export function Attention({ connections, role }: AttentionProps) {
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
              {can(role, 'connections:manage') ? 'Put it right' : 'See what it is'}
            </ButtonLink>
          }
        >
          {connection.stateReason ?? stateMeanings[connection.state]}
        </Callout>
      ))}
    </div>
  );
}
