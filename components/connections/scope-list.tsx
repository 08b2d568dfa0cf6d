import { Card, CardBody, CardHeader } from '@/components/ui';
import type { ConnectionView, ScopeView } from '@/lib/connections/contract';
import { AllowButton } from './allow-notice';
import { ScopeItems } from './scope-items';
import type { Connect } from './use-connect';

export interface ScopeListProps {
  connection: ConnectionView;
  scopes: readonly ScopeView[];
  /** To allow one more; null for those who may not, and where it is not asked for one by one. */
  onConnect: Connect | null;
}

/** What the connection may do, in plain words. */
export function ScopeList({ connection, scopes, onConnect }: ScopeListProps) {
  const { state, connected } = connection;
  const given = connected && state !== 'disconnected';
  const works = state === 'active' || state === 'degraded';
  const allow = (scope: string) => {
    const one = scopes.filter((each) => each.scope === scope);
    return (
      onConnect && <AllowButton connection={connection} scopes={one} onConnect={onConnect} quiet />
    );
  };
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
          allow={works && onConnect ? allow : undefined}
        />
      </CardBody>
    </Card>
  );
}
