import { Badge, ButtonLink, Callout, type Column, DateTime, KeyValue } from '@/components/ui';
import type { PlatformPerson } from '@/lib/console/contract';
import { eventColumns, tenantColumn } from './event-columns';
import { Part } from './part';
import { denialColumns } from './request-view';

type Membership = PlatformPerson['memberships'][number];

const staffRoleWords = { support: 'support', platform_admin: 'platform admin' } as const;

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const membershipColumns: readonly Column<Membership>[] = [
  { ...tenantColumn<Membership>(), primary: true },
  { key: 'role', header: 'Role', cell: (row) => <Badge>{capital(row.role)}</Badge> },
  { key: 'since', header: 'Joined', cell: (row) => <DateTime value={row.since} /> },
];

interface PersonViewProps {
  person: PlatformPerson;
  /** Whether whoever opens it may read what staff looked at. */
  showsLooks: boolean;
}

/** A person: where they belong, and the latest that they did and were refused. */
export function PersonView({ person, showsLooks }: PersonViewProps) {
  return (
    <>
      {person.staffRole && (
        <Callout
          tone="neutral"
          title={`Of the staff: ${staffRoleWords[person.staffRole]}`}
          className="mb-6"
          action={
            showsLooks && (
              <ButtonLink href={`/admin/looks?person=${person.id}`}>What they looked at</ButtonLink>
            )
          }
        />
      )}
      <KeyValue
        columns={3}
        items={[
          { label: 'Mail', value: person.email, copy: person.email },
          {
            label: 'Person’s id',
            value: <code className="text-xs">{person.id}</code>,
            copy: person.id,
          },
          { label: 'Since', value: <DateTime value={person.since} format="absolute" /> },
        ]}
      />
      <Part
        title="Organisations"
        list={{ items: person.memberships, more: false }}
        columns={membershipColumns}
        rowKey={({ tenantId }) => tenantId}
        empty="A member of no organisation"
      />
      <Part
        title="What they did last"
        list={person.events}
        columns={eventColumns.filter(({ key }) => key !== 'actor')}
        rowKey={({ id }) => id}
        empty="Nothing is on record"
        all={{ href: `/admin/audit?actor=${person.id}`, label: 'All in the audit' }}
      />
      <Part
        title="What they were refused last"
        list={person.denials}
        columns={denialColumns.filter(({ key }) => key !== 'person')}
        rowKey={({ id }) => id}
        empty="Nothing was refused"
        all={{ href: `/admin/access-log?actor=${person.id}`, label: 'All in the access log' }}
      />
    </>
  );
}
