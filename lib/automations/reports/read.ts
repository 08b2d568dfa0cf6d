import { z } from 'zod';
import {
  and,
  asc,
  desc,
  eq,
  gt,
  lt,
  type ReportId,
  type SQL,
  type TenantContext,
  tenantDb,
} from '@/db';
import { automations, reportRows, reports, runs } from '@/db/schema';
import { found } from '@/lib/errors';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { ReportLine, ReportRowView, ReportView } from '../contract';

const idPosition = z.tuple([z.uuid().transform((id) => id as ReportId)]);
const linePosition = z.tuple([z.int().min(0)]);

function select(context: TenantContext, ...conditions: SQL[]) {
  return tenantDb(context)
    .select({
      id: reports.id,
      title: reports.title,
      columns: reports.columns,
      runId: reports.runId,
      rowCount: reports.rowCount,
      createdAt: reports.createdAt,
      automationId: automations.id,
      automationName: automations.name,
    })
    .from(reports)
    .innerJoin(runs, and(eq(runs.tenantId, reports.tenantId), eq(runs.id, reports.runId)))
    .innerJoin(
      automations,
      and(eq(automations.tenantId, runs.tenantId), eq(automations.id, runs.automationId)),
    )
    .where(and(eq(reports.tenantId, context.tenantId), ...conditions));
}
type Row = Awaited<ReturnType<typeof select>>[number];

const toView = (row: Row): ReportView => ({ ...row, createdAt: row.createdAt.toISOString() });

/** Reports, newest first. @throws PublicError `invalid_input` for a cursor that is not ours */
export async function listReports(
  context: TenantContext,
  cursor?: string,
): Promise<Slice<ReportRowView>> {
  const after = cursor ? [lt(reports.id, decodeCursor(idPosition, cursor)[0])] : [];
  const rows = await select(context, ...after)
    .orderBy(desc(reports.id))
    .limit(pageSize + 1);
  const slice = toSlice(rows, ({ id }) => [id]);
  return {
    ...slice,
    items: slice.items.map((row) => {
      const { columns: _columns, ...rest } = toView(row);
      return rest;
    }),
  };
}

/** One report without its rows. @throws PublicError `not_found` */
export async function readReport(context: TenantContext, id: ReportId): Promise<ReportView> {
  const [row] = await select(context, eq(reports.id, id));
  return toView(found(row));
}

/**
 * A report's rows in order.
 * @throws PublicError `not_found` for the report; `invalid_input` for a cursor that is not ours
 */
export async function reportLines(
  context: TenantContext,
  id: ReportId,
  cursor?: string,
  size = pageSize,
): Promise<Slice<ReportLine>> {
  const own = and(eq(reportRows.tenantId, context.tenantId), eq(reportRows.reportId, id));
  const after = cursor ? gt(reportRows.position, decodeCursor(linePosition, cursor)[0]) : undefined;
  const [rows, [report]] = await Promise.all([
    tenantDb(context)
      .select({ position: reportRows.position, cells: reportRows.cells })
      .from(reportRows)
      .where(and(own, after))
      .orderBy(asc(reportRows.position))
      .limit(size + 1),
    tenantDb(context)
      .select({ id: reports.id })
      .from(reports)
      .where(and(eq(reports.tenantId, context.tenantId), eq(reports.id, id))),
  ]);
  found(report);
  return toSlice(rows, ({ position }) => [position], size);
}
