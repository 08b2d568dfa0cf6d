import { Card, CardBody, CardHeader } from '@/components/ui';
import type { ConnectionState, ScopeView } from '@/lib/connections/contract';
import { ScopeItems } from './scope-items';

export interface ScopeListProps {
  scopes: readonly ScopeView[];
  state: ConnectionState;
}

/** What the connection may do, in plain words. */
export function ScopeList({ scopes, state }: ScopeListProps) {
  const given = state !== 'pending' && state !== 'disconnected';
  return (
    <Card>
      <CardHeader
        title="Permissions"
        description={given ? undefined : 'Asked for when it connects.'}
      />
      <CardBody>
        <ScopeItems
          columns={2}
          scopes={given ? scopes : scopes.map(({ granted: _, ...scope }) => scope)}
        />
      </CardBody>
    </Card>
  );
}
