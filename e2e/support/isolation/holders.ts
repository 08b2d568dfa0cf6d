import type { IdKind } from '@/lib/ids';

/** The tables whose rows an id can be of, by the name that other columns refer to them with. */
export const holders = {
  automation: 'automations',
  connection: 'connections',
  discovery: 'discoveries',
  event: 'audit_events',
  export: 'exports',
  invitation: 'invitations',
  link: 'consent_links',
  member: 'memberships',
  report: 'reports',
  resource: 'resources',
  run: 'runs',
  runStep: 'run_steps',
  stream: 'audit_streams',
  supportRequest: 'support_requests',
  supportSession: 'support_sessions',
} as const;

/**
 * Where an id of each kind comes from: a table of the tenant's, or what is said of it in `world.ts`.
 * A kind without a line here does not compile.
 */
export const kindsFrom: Readonly<Record<IdKind, string>> = {
  automation: holders.automation,
  connection: holders.connection,
  event: holders.event,
  export: holders.export,
  invitation: holders.invitation,
  member: holders.member,
  report: holders.report,
  resource: holders.resource,
  run: holders.run,
  supportRequest: holders.supportRequest,
  supportSession: holders.supportSession,
  step: holders.runStep,
  stream: holders.stream,
  tenant: 'the tenant itself',
  user: 'a person of the tenant',
  request: 'the id on the tenant’s records',
  mail: 'the outbox',
  alert: 'the platform',
  approval: 'the platform’s staff, of whom one asked another',
  deletion: 'the platform, for a tenant that is made up',
  campaign: 'the platform’s staff, for all tenants it asks',
  view: 'the platform’s staff, for a list of theirs',
  look: 'the platform: any will do, since none is a tenant’s',
  fresh: 'the id of a run of the tenant, as if it were new',
};
