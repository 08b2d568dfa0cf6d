import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './server';
import type { TenantIds } from './tenant';

/** Every endpoint there is, with who may and what to send. What is built and not listed fails. */

/** Addresses of all pages, or all endpoints, as `/runs/[id]`. */
export function places(kind: 'page.tsx' | 'route.ts'): readonly string[] {
  return readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.split('/').at(-1) === kind)
    .map((path) => `/${path.split('/').slice(0, -1).join('/')}`.replaceAll(/\/\([^)]+\)/g, ''))
    .map((path) => path.replace(/\/$/, '') || '/')
    .sort();
}

export const ranks = ['viewer', 'member', 'admin', 'owner'] as const;
export type Rank = (typeof ranks)[number];

/** Ids that nobody has. */
export const nowhere = Object.fromEntries(
  [
    'tenant',
    'connection',
    'resource',
    'automation',
    'run',
    'step',
    'report',
    'event',
    'member',
    'invitation',
  ].map((kind) => [kind, '00000000-0000-7000-8000-000000000000']),
) as unknown as TenantIds;

export interface Case {
  readonly name: string;
  /** The least of the roles that may. */
  readonly from: Rank;
  readonly input: unknown;
}

/** Every action of members, with an input that would do something. */
export function tenantActions(ids: TenantIds): readonly Case[] {
  const key = crypto.randomUUID();
  const automation = {
    name: 'Forged',
    connectionId: ids.connection,
    parameters: { ownDomains: '', limit: '10' },
    trigger: { type: 'manual' },
  };
  const automations = 'app/(tenant)/automations/actions.ts';
  const connections = 'app/(tenant)/connections/actions.ts';
  const members = 'app/(tenant)/members/actions.ts';
  const runs = 'app/(tenant)/runs/actions.ts';
  return [
    {
      name: 'app/(tenant)/actions.ts#switchOrganisation',
      from: 'viewer',
      input: { tenantId: ids.tenant },
    },
    {
      name: `${automations}#create`,
      from: 'member',
      input: { ...automation, template: 'external-files' },
    },
    { name: `${automations}#update`, from: 'member', input: { ...automation, id: ids.automation } },
    {
      name: `${automations}#enable`,
      from: 'member',
      input: { id: ids.automation, enabled: false },
    },
    {
      name: `${automations}#archive`,
      from: 'member',
      input: { id: ids.automation, confirm: 'Shared outside' },
    },
    {
      name: `${automations}#start`,
      from: 'member',
      input: { automationId: ids.automation, dryRun: false, key },
    },
    { name: `${runs}#rerun`, from: 'member', input: { runId: ids.run, key } },
    { name: `${runs}#cancel`, from: 'member', input: { runId: ids.run } },
    { name: `${connections}#connect`, from: 'admin', input: { connectionId: ids.connection } },
    { name: `${connections}#discover`, from: 'admin', input: { connectionId: ids.connection } },
    {
      name: `${connections}#disconnectConnection`,
      from: 'admin',
      input: { connectionId: ids.connection, confirmation: 'somebody@harbour.example' },
    },
    {
      name: `${members}#invite`,
      from: 'admin',
      input: { email: 'forged@harbour.example', role: 'viewer' },
    },
    {
      name: `${members}#withdrawInvitation`,
      from: 'admin',
      input: { invitationId: ids.invitation },
    },
    {
      name: `${members}#changeMemberRole`,
      from: 'admin',
      input: { memberId: ids.member, role: 'viewer' },
    },
    {
      name: `${members}#removeFromOrganisation`,
      from: 'admin',
      input: { memberId: ids.member, typed: 'somebody@harbour.example' },
    },
    {
      name: 'app/(tenant)/settings/actions.ts#renameOrganisation',
      from: 'owner',
      input: { name: 'Forged' },
    },
  ];
}

/** Actions for anybody: they ask for no role. */
export const publicActions = [
  'app/(site)/invitations/[token]/actions.ts#acceptInvitation',
  'app/(site)/invitations/[token]/actions.ts#joinWithNewAccount',
  'app/(site)/invitations/[token]/actions.ts#signOutForInvitation',
  'app/(site)/sign-in/actions.ts#createAnotherOrganisation',
  'app/(site)/sign-in/actions.ts#enterOrganisation',
  'app/(site)/sign-in/actions.ts#signIn',
  'app/(site)/sign-in/actions.ts#signInWithProvider',
  'app/(site)/sign-in/actions.ts#signOut',
  'app/(site)/sign-up/actions.ts#createAccount',
];

/** Actions of staff: to everybody else they do not exist. */
export const staffActions = [
  'app/admin/alerts/actions.ts#acknowledgeAlert',
  'app/admin/doctor/actions.ts#checkDoors',
];

/** The least role that an endpoint answers, or who else it is for. */
export const routes: Readonly<Record<string, Rank | 'anybody' | 'staff'>> = {
  '/api/access-log': 'admin',
  '/api/admin/access-log': 'staff',
  '/api/admin/alerts': 'staff',
  '/api/admin/audit': 'staff',
  '/api/admin/tenants': 'staff',
  '/api/audit': 'admin',
  '/api/audit/export': 'admin',
  '/api/auth/[...nextauth]': 'anybody',
  '/api/automations': 'viewer',
  '/api/connections': 'viewer',
  '/api/connections/[id]': 'viewer',
  '/api/connections/[id]/calls': 'viewer',
  '/api/connections/google/callback': 'admin',
  '/api/health': 'anybody',
  '/api/inngest': 'anybody',
  '/api/metrics': 'anybody',
  '/api/ready': 'anybody',
  '/api/reports': 'viewer',
  '/api/reports/[id]/csv': 'viewer',
  '/api/reports/[id]/rows': 'viewer',
  '/api/resources': 'viewer',
  '/api/runs': 'viewer',
  '/api/runs/[id]': 'viewer',
  '/api/runs/[id]/changes': 'viewer',
  '/api/runs/[id]/steps/[step]': 'viewer',
};
