import { Card, CardBody, CardHeader, DateTime, KeyValue, Nothing } from '@/components/ui';
import type { ConnectionView } from '@/lib/connections/contract';

/** Whose account it is, and how it fares. */
export function ConnectionFacts({ connection }: { connection: ConnectionView }) {
  const { accountEmail, organization, createdAt, stateChangedAt, lastUsedAt, id } = connection;
  return (
    <Card>
      <CardHeader title="Account" />
      <CardBody>
        <KeyValue
          items={[
            { label: 'Account', value: accountEmail },
            { label: 'Organisation', value: organization },
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
