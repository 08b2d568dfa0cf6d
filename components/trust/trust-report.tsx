import { Card, CardBody, CardHeader, KeyValue } from '@/components/ui';
import type { TrustFacts } from '@/lib/trust/contract';
import { Areas } from './areas';
import { AttackGroups } from './attack-groups';
import { ProofCard } from './proof-card';
import { kinds } from './words';

/** How the separation of organisations is proven: what, when, and with what result. */
export function TrustReportView({ facts }: { facts: TrustFacts }) {
  const { reports, running, versions } = facts;
  return (
    <div className="flex flex-col gap-5">
      <div className="grid gap-5 lg:grid-cols-3">
        {kinds.map((words) => (
          <ProofCard
            key={words.kind}
            words={words}
            report={reports[words.kind]}
            running={running}
          />
        ))}
      </div>
      {reports.doctor && <Areas report={reports.doctor} />}
      <AttackGroups report={reports.isolation} />
      <Card aria-labelledby="limits">
        <CardHeader id="limits" title="What is not promised" />
        <CardBody className="max-w-3xl text-muted text-sm">
          <ul className="list-disc space-y-1 pl-5">
            <li>
              Whoever runs the database server as its superuser can read all of it. Credentials of
              your connections are encrypted there; the rest is not.
            </li>
            <li>
              Our staff see how your organisation stands, its members and the states of connections
              and runs, never credentials or what your mailboxes, drives and channels hold. Each of
              their looks is on record.
            </li>
            <li>
              Tests show that known attacks are refused. They cannot show that no unknown one
              exists.
            </li>
          </ul>
        </CardBody>
      </Card>
      <Card aria-labelledby="versions">
        <CardHeader id="versions" title="Versions" />
        <CardBody>
          <KeyValue
            items={versions.map(({ name, version }) => ({ label: name, value: version }))}
          />
        </CardBody>
      </Card>
    </div>
  );
}
