import { and, eq, newId, type SQL, type TenantTransaction, withTenant } from '@/db';
import { connections } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import type { Report } from '../bench';
import { interleaved, median, ratio, rounded, slice } from '../measure';
import type { Connected, Installation } from '../vault/installation';

/** Writes of a slice, clients at once, and rounds of slices: many and short, against noise. */
const SLICE = 400;
const CLIENTS = 16;
const ROUNDS = 60;
const CONNECTIONS = 500;
const goal = 1.3;

const actor = { type: 'member', id: newId(), name: 'Ada Example' } as const;

/** What is written beside the event. */
type Write = (tx: TenantTransaction, own: SQL | undefined, at: number) => Promise<unknown>;

const change: Write = (tx, own, at) =>
  tx
    .update(connections)
    .set({ accountEmail: `account-${at}@example.com` })
    .where(own);

/** The smallest there can be, and what the product does: an event says what was there before. */
const writes: readonly (readonly [name: string, write: Write])[] = [
  ['a write', change],
  [
    'a write, its row read and locked before',
    async (tx, own, at) => {
      await tx.select().from(connections).where(own).for('update');
      await change(tx, own, at);
    },
  ],
];

/** The same write, with its audit event in the same transaction or without. */
function run(write: Write, { tenant, connectionId }: Connected, at: number, audited: boolean) {
  const context = {
    ...tenant,
    actor,
    requestId: `request-${at}`,
    ipAddress: '192.0.2.1',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
  };
  const own = and(eq(connections.tenantId, tenant.tenantId), eq(connections.id, connectionId));
  return withTenant(tenant, async (tx) => {
    await write(tx, own, at);
    if (!audited) return;
    await recordAudit(tx, context, {
      action: 'connection.state_changed',
      target: { type: 'connection', id: connectionId, name: 'account@example.com' },
      connectionId,
      details: { before: 'active', after: 'degraded' },
    });
  });
}

/** What the audit event adds to the time of a write, beside the rest of the transaction. */
export async function measureWrites(
  installation: Installation,
  report: Report,
  quick: boolean,
): Promise<void> {
  const connected = await installation.connect(CONNECTIONS);
  const one = (at: number) => connected[at % connected.length] as Connected;
  for (const [what, write] of writes) {
    const [without = [], withAudit = []] = await interleaved(
      [false, true].map((audited) =>
        slice(SLICE, CLIENTS, (at) => run(write, one(at), at, audited)),
      ),
      quick ? 3 : ROUNDS,
    );
    for (const [name, list] of [
      ['without an audit event', without],
      ['with its audit event', withAudit],
    ] as const) {
      const value = rounded(1_000 / median(list), 0);
      report({ name: `${what}, ${CLIENTS} clients: ${name}`, value, unit: '1/s' });
    }
    report({
      name: `${what}, ${CLIENTS} clients: audited to not audited`,
      value: ratio(withAudit, without),
      unit: '×',
      goal: { atMost: goal },
    });
  }
}
