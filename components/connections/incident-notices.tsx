import { ButtonLink, Callout, DateTime, providerName } from '@/components/ui';
import { type IncidentView, incidentTitles } from '@/lib/connections/contract';
import { can, type WorkspaceRole } from '@/lib/tenancy/contract';

export interface IncidentNoticesProps {
  incidents: readonly IncidentView[];
  /** Of who looks: not everybody can do something about it. */
  role: WorkspaceRole;
}

const nameOf = ({ provider, name }: IncidentView) =>
  name === providerName(provider) ? name : `${providerName(provider)}, ${name}`;

/** What waits for a connection, by name as far as that is short. */
export function Waiting({
  incident,
}: {
  incident: Pick<IncidentView, 'waiting' | 'waitingCount'>;
}) {
  const { waiting, waitingCount } = incident;
  if (waitingCount === 0) return <>No automation waits for it.</>;
  const more = waitingCount - waiting.length;
  return (
    <>
      Waiting for it: {waiting.join(', ')}
      {more > 0 && ` and ${more} more`}.
    </>
  );
}

/** Connections that do not do their work, with what waits for them and since when. */
export function IncidentNotices({ incidents, role }: IncidentNoticesProps) {
  if (incidents.length === 0) return null;
  return (
    <div className="mb-6 flex flex-col gap-2">
      {incidents.map((incident) => (
        <Callout
          key={incident.connectionId}
          tone={incident.kind === 'degraded' ? 'warning' : 'danger'}
          title={`${nameOf(incident)} ${incidentTitles[incident.kind]}`}
          action={
            <ButtonLink size="sm" href={`/connections/${incident.connectionId}`}>
              {can(role, 'connections:manage') && incident.kind !== 'degraded'
                ? 'Put it right'
                : 'See what it is'}
            </ButtonLink>
          }
        >
          {incident.reason && <p>{incident.reason}</p>}
          <p>
            Since <DateTime value={incident.since} format="absolute" />.{' '}
            <Waiting incident={incident} />
          </p>
        </Callout>
      ))}
    </div>
  );
}
