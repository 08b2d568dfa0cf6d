import { Card, CardBody, CardHeader, DateTime, KeyValue, Nothing } from '@/components/ui';
import type { ConnectionView } from '@/lib/connections/contract';
import { providerNames } from '@/lib/providers/contract';
import { wayWords } from './way-words';

/** Whose account it is, and how it fares. */
export function ConnectionFacts({ connection }: { connection: ConnectionView }) {
  const { provider, authority, accountEmail, organization, organizationName } = connection;
  const { createdAt, stateChangedAt, lastUsedAt, id } = connection;
  return (
    <Card>
      <CardHeader title="Account" />
      <CardBody>
        <KeyValue
          items={[
            { label: 'Provider', value: providerNames[provider] },
            { label: 'Acts for', value: wayWords[provider][authority].label },
            ...(authority === 'delegated' ? [{ label: 'Account', value: accountEmail }] : []),
            ...(authority === 'application'
              ? [{ label: 'Organisation', value: organizationName }]
              : []),
            { label: 'Organisation’s id', value: organization },
            { label: 'In this state since', value: <DateTime value={stateChangedAt} /> },
            {
              label: 'Last used',
              value: lastUsedAt ? <DateTime value={lastUsedAt} /> : <Nothing label="never" />,
            },
            { label: 'Added', value: <DateTime value={createdAt} format="absolute" /> },
            { label: 'Connection id', value: <code className="text-xs">{id}</code>, copy: id },
          ]}
        />
      </CardBody>
    </Card>
  );
}
