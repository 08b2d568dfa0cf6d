import { tenantRoute } from '@/lib/access';
import { auditFilter, browseAudit } from '@/lib/audit';
import { cursorParameter } from '@/lib/paging';

export const GET = tenantRoute(
  { permission: 'audit:read', query: auditFilter.extend({ cursor: cursorParameter }) },
  ({ context, query: { cursor, ...filter } }) => browseAudit(context, filter, cursor),
);
