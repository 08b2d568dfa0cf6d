import Link from 'next/link';
import { DeniedPerson } from '@/components/denials/columns';
import { Callout, DateTime, KeyValue, type KeyValueItem, providerName } from '@/components/ui';
import { type AlertDetail, type AlertFault, ruleWords } from '@/lib/alerts/contract';

const time = (value: string) => <DateTime value={value} format="absolute" timeZone="UTC" seconds />;

const staffText = (people: number) =>
  people === 1 ? '1 person of staff' : `${people} people of staff`;

function whoOf(alert: AlertDetail) {
  if (alert.subjects > 0) return `${alert.subjects} more than the alerts that stand open`;
  return alert.userId ? <DeniedPerson denial={alert} /> : 'No person asked';
}

function faultFacts(alert: AlertDetail, fault: AlertFault): KeyValueItem[] {
  return [
    { label: 'Provider', value: providerName(fault.provider) },
    { label: 'It says', value: fault.code ? <code>{fault.code}</code> : 'Nothing' },
    { label: 'Refusals', value: alert.denials },
    { label: 'First (UTC)', value: time(alert.firstSeenAt) },
    {
      label: 'Over since (UTC)',
      value: fault.clearedAt ? time(fault.clearedAt) : 'It is not over',
    },
    { label: 'Told by mail', value: staffText(alert.mailed) },
  ];
}

function facts(alert: AlertDetail): KeyValueItem[] {
  if (alert.fault) return faultFacts(alert, alert.fault);
  return [
    { label: 'Who', value: whoOf(alert) },
    {
      label: 'Tenant',
      value: alert.tenantId ? (
        <Link href={`/admin/tenants/${alert.tenantId}`} className="underline underline-offset-2">
          {alert.tenantName}
        </Link>
      ) : (
        `${alert.tenants} tenants`
      ),
    },
    { label: 'Refusals', value: alert.denials },
    { label: 'First (UTC)', value: time(alert.firstSeenAt) },
    { label: 'Latest (UTC)', value: time(alert.lastSeenAt) },
    { label: 'Told by mail', value: staffText(alert.mailed) },
  ];
}

/** What an alert is about, what it may mean, and what was found. */
export function AlertFacts({ alert }: { alert: AlertDetail }) {
  return (
    <div className="grid gap-6">
      <KeyValue columns={3} items={facts(alert)} />
      {alert.acknowledgedAt ? (
        <Callout tone="success" title={`Acknowledged by ${alert.acknowledgedName}`}>
          <p className="whitespace-pre-wrap break-words">{alert.note}</p>
          <p className="mt-1 text-xs">{time(alert.acknowledgedAt)} UTC</p>
        </Callout>
      ) : (
        <Callout tone={ruleWords[alert.rule].severity} title="What to do">
          {ruleWords[alert.rule].advice}
        </Callout>
      )}
    </div>
  );
}
