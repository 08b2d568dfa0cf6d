// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is looked for has them
import type { CodeMutant } from '../mutant';
import { unit } from './named';

const withoutPolicies = 'lib/access/without-row-security.test.ts';

/** Filters by tenant, where row security alone would keep tenants apart. */
export const filters: readonly CodeMutant[] = [
  {
    kind: 'code',
    name: 'filter-of-connection',
    class: 'app: object-level authorisation',
    taken: 'The tenant in the search for a connection by its id.',
    file: 'lib/connections/find.ts',
    edits: [
      {
        find: `.where(«and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId))»);
  return found(row);`,
        instead: 'eq(connections.id, connectionId)',
      },
    ],
    noticedBy: unit(withoutPolicies, 'nothing is changed by another tenant’s id'),
  },
  {
    kind: 'code',
    name: 'filter-of-event',
    class: 'app: object-level authorisation',
    taken: 'The tenant in the search for one event of the record.',
    file: 'lib/audit/browse.ts',
    edits: [
      {
        find: '.where(«and(eq(auditEvents.tenantId, context.tenantId), eq(auditEvents.id, id))»)',
        instead: 'eq(auditEvents.id, id)',
      },
    ],
    noticedBy: unit(withoutPolicies, 'nothing is found by another tenant’s id'),
  },
  {
    kind: 'code',
    name: 'filter-of-record',
    class: 'app: list, search, count, export and cursor',
    taken: 'The tenant in the list of the record, and in its export.',
    file: 'lib/audit/browse.ts',
    edits: [
      {
        find: 'const set = [«eq(of.tenantId, context.tenantId)», ...withinDays(filter, of)];',
        instead: 'gte(of.createdAt, new Date(0))',
      },
    ],
    noticedBy: unit(withoutPolicies, 'no list, search or count holds another tenant’s rows'),
  },
  {
    kind: 'code',
    name: 'filter-of-search',
    class: 'app: list, search, count, export and cursor',
    taken: 'The tenant in the search for resources.',
    file: 'lib/connections/resources.ts',
    edits: [
      {
        find: 'const set: SQL[] = [«eq(resources.tenantId, context.tenantId)»];',
        instead: 'sql`true`',
      },
    ],
    noticedBy: unit(withoutPolicies, 'no list, search or count holds another tenant’s rows'),
  },
  {
    kind: 'code',
    name: 'filter-of-members',
    class: 'app: list, search, count, export and cursor',
    taken: 'The tenant in the list of members.',
    file: 'lib/tenancy/members.ts',
    edits: [
      {
        find: '.where(«eq(memberships.tenantId, context.tenantId)»)\n    .orderBy(rank',
        instead: 'sql`true`',
      },
    ],
    noticedBy: unit(withoutPolicies, 'no list, search or count holds another tenant’s rows'),
  },
  {
    kind: 'code',
    name: 'filter-of-report',
    class: 'app: object-level authorisation',
    taken: 'The tenant in the search for a report, and in their list.',
    file: 'lib/automations/reports/read.ts',
    edits: [
      {
        find: '.where(and(«eq(reports.tenantId, context.tenantId)», ...conditions));',
        instead: 'eq(reports.id, reports.id)',
      },
    ],
    noticedBy: unit(withoutPolicies, 'nothing is found by another tenant’s id'),
  },
  {
    kind: 'code',
    name: 'cursor-unchecked',
    class: 'app: list, search, count, export and cursor',
    taken: 'The check of a cursor: whatever a caller puts into it is searched by.',
    file: 'lib/paging/index.ts',
    edits: [
      {
        find: "return «schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))»;",
        instead: "JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))",
      },
    ],
    noticedBy: unit(
      'lib/paging/paging.test.ts',
      'is refused as invalid input when it is with SQL in it',
    ),
  },
];
