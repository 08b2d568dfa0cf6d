import { plantedCode } from './factor';
import type { World } from './world';

interface Given {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

const automation = {
  parameters: { ownDomains: '', limit: '10' },
  trigger: { type: 'manual' },
};
const actions = (folder: string) => `app/(tenant)/${folder}/actions.ts`;

/** A day to come. */
const inAWeek = () => ({
  body: { deadline: new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10) },
});

/**
 * What an endpoint has to be sent to do its work, where a sample of its schema will not do. Ids are
 * never here: they are filled in by their kind.
 */
export const inputs: Readonly<Record<string, (world: World) => Given>> = {
  '/automations/new/[template]': () => ({ params: { template: 'external-files' } }),
  [`${actions('automations')}#create`]: () => ({
    body: { ...automation, template: 'external-files' },
  }),
  [`${actions('automations')}#update`]: () => ({ body: automation }),
  [`${actions('automations')}#archive`]: ({ mark }) => ({
    body: { confirm: `${mark} automations.name` },
  }),
  [`${actions('connections')}#disconnectConnection`]: ({ mark }) => ({
    body: { confirmation: `account@${mark}.example` },
  }),
  [`${actions('members')}#changeMemberRole`]: () => ({ body: { role: 'member' } }),
  // The name that it has: others of its things are asked for by that.
  [`${actions('settings')}#renameOrganisation`]: ({ mark }) => ({ body: { name: `${mark} Ltd` } }),
  [`${actions('settings/deletion')}#ask`]: ({ mark }) => ({
    body: { typed: `${mark} Ltd`, code: '123456' },
  }),
  'app/admin/deletions/actions.ts#ask': ({ mark }) => ({
    body: { typed: `${mark} Ltd`, reason: 'Sample reason' },
  }),
  'app/admin/tenants/actions.ts#create': ({ mark }) => ({
    body: { name: 'Made by staff', owner: `owner.${crypto.randomUUID()}@${mark}.example` },
  }),
  'app/admin/tenants/actions.ts#invite': ({ mark }) => ({
    body: { email: `owner@${mark}.example` },
  }),
  'app/admin/tenants/actions.ts#withdraw': ({ mark }) => ({
    body: { email: `owner@${mark}.example` },
  }),
  'app/admin/tenants/actions.ts#changeLimits': () => ({
    body: {
      limits: {
        ...{ automations: 1_000, members: 1_000, runsAtOnce: 4, runsPerMonth: 100_000 },
        ...{ providerBudgetPercent: 100, retentionRunsDays: 365 },
        ...{ retentionLogsDays: 400, retentionResourcesDays: 90 },
      },
      reason: 'Sample reason',
    },
  }),
  // Not its name: the tenant goes on.
  'app/admin/tenants/actions.ts#suspend': () => ({
    body: { reason: 'Sample reason', notice: 'Sample notice', confirm: 'Another name' },
  }),
  'app/admin/tenants/actions.ts#resume': () => ({ body: { reason: 'Sample reason' } }),
  'app/admin/tenants/actions.ts#keepView': () => ({
    body: { name: 'Sample', shared: false, filter: { state: 'active' } },
  }),
  'app/admin/reconsent/actions.ts#start': inAWeek,
  'app/admin/reconsent/actions.ts#ask': inAWeek,
  [`${actions('settings/streams')}#create`]: () => ({
    body: { kind: 'webhook', name: 'Sample', url: 'http://127.0.0.1:9/', from: 'now' },
  }),
  [`${actions('settings/streams')}#remove`]: ({ mark }) => ({
    body: { confirmation: `${mark} audit_streams.name` },
  }),
  'app/admin/approvals/actions.ts#askShred': ({ mark }) => ({ body: { typed: `${mark} Ltd` } }),
  'app/admin/approvals/actions.ts#decide': () => ({
    body: { decision: 'declined', code: plantedCode() },
  }),
  'app/admin/staff/actions.ts#askChange': ({ person }) => ({
    body: { change: 'add', email: person.email, role: 'support', reason: 'To see who may ask' },
  }),
  [`${actions('members')}#removeFromOrganisation`]: ({ person }) => ({
    body: { typed: person.email },
  }),
};
