import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, sql, type TenantId, withTenant } from '@/db';
import { resetConnections } from '@/db/connections';
import { type TestMember, testDatabase } from '@/db/testing';
import { makeWorld, type World } from '@/e2e/support/isolation/world';
import { auditEvent, auditPeople, browseAudit } from '@/lib/audit';
import {
  archiveAutomation,
  automationNames,
  cancelRun,
  enableAutomation,
  listAutomations,
  listReports,
  listRuns,
  readAutomation,
  readChanges,
  readReport,
  readRun,
  readStep,
  reportLines,
  requestRun,
  rerun,
} from '@/lib/automations';
import {
  browseCalls,
  browseResources,
  disconnect,
  discoverAgain,
  listConnections,
  readConnection,
  readResource,
  startConsent,
} from '@/lib/connections';
import { readOverview } from '@/lib/overview';
import {
  changeRole,
  listInvitations,
  listMembers,
  type MemberContext,
  removeMember,
  revokeInvitation,
} from '@/lib/tenancy';

/**
 * What is asked through the tenants' door by a login that row security does not hold: each query's
 * own filter has to keep tenants apart. Policies and filters are two defences, and one hides the loss
 * of the other.
 */

const database = testDatabase();
const mark = 'elsewhere-canary';
let pool: Pool;
let me: MemberContext;
let own: World;
let theirs: World;
let overviewAlone: unknown;

function contextOf(tenantId: TenantId, { userId, email }: TestMember): MemberContext {
  const actor = { type: 'member', id: userId, name: 'Ada Example' } as const;
  return {
    ...{ tenantId, userId, email, actor },
    ...{ role: 'owner', tenantName: 'Acme', requestId: `test-${newId()}` },
  };
}

beforeAll(async () => {
  pool = new Pool({ connectionString: database.ownerUrl, max: 2 });
  const mine = await database.createTenant('Acme');
  me = contextOf(mine.tenantId, await database.createMember(mine));
  own = await makeWorld(pool, mine.tenantId, 'own');
  overviewAlone = await readOverview(me);
  const other = await database.createTenant('Elsewhere');
  theirs = await makeWorld(pool, other.tenantId, mark);
  await resetConnections({ ...database.urls, app: database.ownerUrl });
});
afterAll(() => pool.end());

/** An id of a row of theirs, or of one's own. */
const idIn = <Id extends string>(world: World, table: string) => world.rows.get(table) as Id;

it('row security is away: a query without a filter finds both tenants', async () => {
  const { rows } = await withTenant(me, (tx) =>
    tx.execute<{ tenants: number }>(
      sql`select count(distinct tenant_id)::int as tenants from connections`,
    ),
  );
  expect(rows).toEqual([{ tenants: 2 }]);
});

it('no list, search or count holds another tenant’s rows', async () => {
  const lists: Readonly<Record<string, () => Promise<unknown>>> = {
    connections: () => listConnections(me),
    calls: () => browseCalls(me, idIn(own, 'connections')),
    resources: () => browseResources(me, { presence: 'all' }),
    search: () => browseResources(me, { q: mark, presence: 'all' }),
    automations: () => listAutomations(me),
    'names of automations': () => automationNames(me),
    runs: () => listRuns(me, {}),
    reports: () => listReports(me),
    record: () => browseAudit(me, {}),
    'record of a run of theirs': () => browseAudit(me, { run: idIn(theirs, 'runs') }),
    people: () => auditPeople(me),
    members: () => listMembers(me),
    invitations: () => listInvitations(me),
    overview: () => readOverview(me),
  };
  const told: string[] = [];
  for (const [name, list] of Object.entries(lists)) {
    const answer = JSON.stringify(await list());
    if (answer.includes(mark) || answer.includes(theirs.tenant)) told.push(name);
  }
  expect(told).toEqual([]);
  // Counts carry no mark: they are what they were before the other tenant was there.
  expect(await readOverview(me)).toEqual(overviewAlone);
});

it('nothing is found by another tenant’s id', async () => {
  const tries: Readonly<Record<string, () => Promise<unknown>>> = {
    connection: () => readConnection(me, idIn(theirs, 'connections')),
    calls: () => browseCalls(me, idIn(theirs, 'connections')),
    resource: () => readResource(me, idIn(theirs, 'resources')),
    automation: () => readAutomation(me, idIn(theirs, 'automations')),
    run: () => readRun(me, idIn(theirs, 'runs')),
    step: () => readStep(me, idIn(own, 'runs'), idIn(theirs, 'run_steps')),
    changes: () => readChanges(me, idIn(theirs, 'runs')),
    report: () => readReport(me, idIn(theirs, 'reports')),
    lines: async () => {
      const { items } = await reportLines(me, idIn(theirs, 'reports'));
      if (items.length === 0) throw Object.assign(new Error(), { code: 'not_found' });
    },
    event: () => auditEvent(me, idIn(theirs, 'audit_events')),
  };
  expect(await otherThanNotFound(tries)).toEqual([]);
});

it('nothing is changed by another tenant’s id', async () => {
  const connection = idIn<never>(theirs, 'connections');
  const automation = idIn<never>(theirs, 'automations');
  const membership = idIn<never>(theirs, 'memberships');
  const before = await fingerprint();
  const tries: Readonly<Record<string, () => Promise<unknown>>> = {
    consent: () => startConsent(me, { connectionId: connection }),
    discovery: () => discoverAgain(me, connection),
    disconnect: () => disconnect(me, connection, `account@${mark}.example`),
    enable: () => enableAutomation(me, automation, false),
    archive: () => archiveAutomation(me, automation, `${mark} automations.name`),
    run: () => requestRun(me, { automationId: automation, dryRun: true, key: newId() }),
    rerun: () => rerun(me, idIn(theirs, 'runs'), newId()),
    cancel: () => cancelRun(me, idIn(theirs, 'runs')),
    role: () => changeRole(me, { memberId: membership, role: 'admin' }),
    remove: () => removeMember(me, { memberId: membership, typed: theirs.person.email }),
    invitation: () => revokeInvitation(me, idIn(theirs, 'invitations')),
  };
  expect(await otherThanNotFound(tries)).toEqual([]);
  expect(await fingerprint()).toEqual(before);
});

/** The tries that were not answered as an id that nobody has. */
async function otherThanNotFound(
  tries: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, attempt] of Object.entries(tries)) {
    const code = await attempt().then(
      () => 'it went through',
      (error: { code?: string; message: string }) => error.code ?? error.message,
    );
    if (code !== 'not_found') wrong.push(`${name}: ${code}`);
  }
  return wrong;
}

/** Everything of theirs, as one value for each table. */
async function fingerprint(): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const table of theirs.rows.keys()) {
    const { rows } = await pool.query<{ all: string }>(
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as all
         from "${table}" t where tenant_id = $1`,
      [theirs.tenant],
    );
    found[table] = rows[0]?.all ?? '';
  }
  return found;
}
