import { Bot, Link2, type LucideIcon, Server, ShieldUser, User } from 'lucide-react';
import { Badge, type Column, longText, StatusBadge } from '@/components/ui';
import { type AuditEventRow, auditActionLabel } from '@/lib/audit/contract';

const actors: Readonly<Record<AuditEventRow['actorType'], { icon: LucideIcon; label: string }>> = {
  member: { icon: User, label: 'Member' },
  guest: { icon: Link2, label: 'By a link' },
  staff: { icon: ShieldUser, label: 'Support' },
  automation: { icon: Bot, label: 'Automation' },
  system: { icon: Server, label: 'Tenantry' },
};

/** Who acted, with the kind of actor as icon and text. */
export function ActorName({ actor }: { actor: Pick<AuditEventRow, 'actorType' | 'actorName'> }) {
  const { icon: Icon, label } = actors[actor.actorType];
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-1.5">
      <Icon aria-hidden className="size-3.5 shrink-0 text-faint" />
      <span className="sr-only">{label} </span>
      <span className={longText}>{actor.actorName}</span>
    </span>
  );
}

/** Target types in words. */
const targetLabels: Readonly<Record<string, string>> = {
  tenant: 'Organisation',
  tenant_key: 'Key',
  session: 'Session',
  member: 'Member',
  invitation: 'Invitation',
  connection: 'Connection',
  consent_link: 'Consent link',
  discovery: 'Discovery',
  automation: 'Automation',
  run: 'Run',
  effect: 'Change',
  report: 'Report',
  audit: 'Audit',
  export: 'Export',
  stream: 'Stream',
  page: 'Page',
  support_request: 'Support request',
  support_session: 'Support session',
  approval: 'Approval',
  limit: 'Limit',
  retention: 'Retention',
  usage: 'Usage',
};

/** The kind of thing that was acted on; one this version does not know is shown as written. */
export const targetLabel = (type: string): string => targetLabels[type] ?? type;

/** What the record shows of an event wherever it is listed. */
type Listed = Omit<AuditEventRow, 'targetName'>;

export const actionColumn = <Row extends Listed>(): Column<Row> => ({
  key: 'action',
  header: 'What',
  primary: true,
  width: 'w-44',
  cell: (row) => auditActionLabel(row.action),
});

export const actorColumn = <Row extends Listed>(): Column<Row> => ({
  key: 'actor',
  header: 'Who',
  cell: (row) => <ActorName actor={row} />,
});

export const outcomeColumn = <Row extends Listed>(): Column<Row> => ({
  key: 'outcome',
  header: 'Outcome',
  width: 'w-28',
  cell: (row) => <StatusBadge status={row.outcome} />,
});

export const targetColumn: Column<AuditEventRow> = {
  key: 'target',
  header: 'On what',
  cell: (row) => (
    <span className="flex min-w-0 items-center flex-wrap gap-x-2 gap-y-0.5">
      <Badge>{targetLabel(row.targetType)}</Badge>
      <span className={longText}>{row.targetName}</span>
    </span>
  ),
};
