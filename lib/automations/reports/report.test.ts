import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AutomationId,
  type ConnectionId,
  newId,
  type ReportId,
  type RunId,
  withTenant,
} from '@/db';
import { automations, connections, reportRows, reports, runs } from '@/db/schema';
import { testDatabase } from '@/db/testing';
import { testMember } from '@/lib/connections/testing';
import type { MemberContext } from '@/lib/tenancy';
import type { ReportCells, ReportColumn } from '../contract';
import { exportReport } from './export';
import { listReports, readReport, reportLines } from './read';

const database = testDatabase();
let context: MemberContext;
let other: MemberContext;
let runId: RunId;

const columns: readonly ReportColumn[] = [
  { key: 'sender', label: 'Sender', type: 'text' },
  { key: 'bytes', label: 'Size', type: 'bytes' },
];

beforeAll(async () => {
  context = await testMember(database);
  other = await testMember(database);
  const connectionId = newId<ConnectionId>();
  const automationId = newId<AutomationId>();
  runId = newId<RunId>();
  const { tenantId } = context;
  await withTenant(context, async (tx) => {
    const createdBy = context.userId;
    await tx
      .insert(connections)
      .values({ tenantId, id: connectionId, provider: 'google', createdBy });
    await tx.insert(automations).values({
      tenantId,
      id: automationId,
      name: 'Senders',
      template: 'attachment-senders',
      parameters: {},
      connectionId,
      trigger: { type: 'manual' },
      createdBy,
    });
    await tx.insert(runs).values({
      tenantId,
      id: runId,
      automationId,
      connectionId,
      trigger: 'manual',
      parameters: {},
    });
  });
});

async function report(rows: readonly ReportCells[], title = 'Senders of files'): Promise<ReportId> {
  const id = newId<ReportId>();
  const { tenantId } = context;
  await withTenant(context, async (tx) => {
    await tx.insert(reports).values({ tenantId, id, runId, title, columns, rowCount: rows.length });
    if (rows.length === 0) return;
    await tx
      .insert(reportRows)
      .values(rows.map((cells, position) => ({ tenantId, reportId: id, position, cells })));
  });
  return id;
}
const csvOf = async (id: ReportId) => {
  const { csv } = await exportReport(context, id);
  return text(csv as never);
};

describe('a report as CSV', () => {
  it('has its columns’ names and every row', async () => {
    const id = await report(
      Array.from({ length: 1_500 }, (_, index) => ({
        sender: `s${index}@a.example`,
        bytes: index,
      })),
    );
    const lines = (await csvOf(id)).trimEnd().split('\n');
    expect(lines[0]).toBe('Sender,Size');
    expect(lines).toHaveLength(1_501);
    expect(lines.at(-1)).toBe('s1499@a.example,1499');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\n1', '＝1'])(
    'does not let a spreadsheet run %j',
    async (formula) => {
      const line = (await csvOf(await report([{ sender: formula, bytes: 1 }]))).split('\n')[1];
      expect(line).toMatch(/^"?'/);
    },
  );

  it('does not let a spreadsheet that parts cells elsewhere run the rest of one', async () => {
    const csv = await csvOf(await report([{ sender: 'Ann;=1+1', bytes: 1 }]));
    expect(csv.split('\n')[1]).toBe("Ann;'=1+1,1");
  });

  it('has a name that every file system takes', async () => {
    const { fileName } = await exportReport(context, await report([], '../Ünïcode: "a"/b'));
    expect(fileName).toMatch(/^[\w-]+\.csv$/);
  });

  it('is on record before the first byte', async () => {
    const id = await report([{ sender: 'a', bytes: 1 }]);
    await exportReport(context, id);
    const { rows } = await database.owner.query(
      'select action, target_name, actor_id from audit_events where target_id = $1',
      [id],
    );
    expect(rows).toEqual([
      { action: 'report.exported', target_name: 'Senders of files', actor_id: context.userId },
    ]);
  });
});

describe('a report', () => {
  it('shows its rows by pages', async () => {
    const id = await report(
      Array.from({ length: 60 }, (_, index) => ({ sender: String(index), bytes: index })),
    );
    const first = await reportLines(context, id);
    const second = await reportLines(context, id, first.nextCursor ?? '');
    const positions = [...first.items, ...second.items].map(({ position }) => position);
    expect(positions).toEqual([...Array(60).keys()]);
    expect(second.nextCursor).toBeNull();
    await expect(reportLines(context, id, 'nonsense')).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('is listed with what made it', async () => {
    const id = await report([]);
    expect((await listReports(context)).items[0]).toMatchObject({
      id,
      runId,
      automationName: 'Senders',
      rowCount: 0,
    });
  });

  it('of another tenant is as if absent', async () => {
    const id = await report([{ sender: 'secret', bytes: 1 }]);
    for (const wanted of [id, newId<ReportId>()]) {
      for (const attempt of [readReport, reportLines, exportReport]) {
        await expect(attempt(other, wanted)).rejects.toMatchObject({
          code: 'not_found',
          message: 'There is nothing at this address, or it is not yours to see.',
        });
      }
    }
    expect((await listReports(other)).items).toEqual([]);
  });
});
