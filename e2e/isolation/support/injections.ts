import { escapeLiteral } from 'pg';
import type { Relation } from './catalogue';
import { grantedColumns } from './expected';

/** A value as SQL text: what is injected is text. */
export const quoted = escapeLiteral;

/** What somebody would inject to become another tenant. */
export const setTenant = (token: string): string => `public.use_tenant(${token})`;

export interface Injection {
  readonly name: string;
  /** @param token quoted */
  readonly text: (token: string, tenantId: string) => string;
}

/**
 * Places in a statement where injected SQL can call `set_config` before or while rows are read.
 * @param columns what is read of the table, under the alias `t`
 */
export function injections(relation: Relation, columns: string): readonly Injection[] {
  const { sql } = relation;
  const from = `${sql} t`;
  const plain = (tenantId: string) => `set_config('app.tenant_id', '${tenantId}', true)`;
  const both = (token: string, tenantId: string) => `${setTenant(token)}, ${plain(tenantId)}`;
  const reads: Injection[] = [
    {
      name: 'in a CTE',
      text: (token) =>
        `with s as materialized (select ${setTenant(token)}) select ${columns} from s, ${from}`,
    },
    {
      name: 'lateral, per row',
      text: (token) =>
        `select ${columns} from generate_series(1, 3) g cross join lateral (select ${setTenant(token)}, g) s cross join lateral (select * from (select ${columns} from ${from}) i where s.g > 0) t`,
    },
    {
      name: 'in WHERE',
      text: (token) => `select ${columns} from ${from} where ${setTenant(token)} is not null`,
    },
    {
      name: 'in WHERE, before what is asked for',
      text: (token, tenantId) =>
        `select ${columns} from ${from} where (select ${setTenant(token)}) is not null and ${relation.tenantColumn ? `t."${relation.tenantColumn}" = '${tenantId}'` : 'true'}`,
    },
    {
      name: 'in ORDER BY',
      text: (token) => `select ${columns} from ${from} order by ${setTenant(token)}`,
    },
    {
      name: 'in LIMIT',
      text: (token) => `select ${columns} from ${from} limit length(${setTenant(token)})`,
    },
    {
      name: 'in the list of columns',
      text: (token) => `select ${setTenant(token)}, ${columns} from ${from}`,
    },
    {
      name: 'several to one statement',
      text: (token, tenantId) =>
        `select ${both(token, tenantId)}, (select json_agg(r) from (select ${columns} from ${from}) r), ${both(token, tenantId)}`,
    },
    {
      name: 'in a set operation',
      text: (token) =>
        `select to_jsonb(r)::text from (select ${columns} from ${from}) r union all select ${setTenant(token)} union all select to_jsonb(r)::text from (select ${columns} from ${from}) r`,
    },
    {
      name: 'in a join of the table with itself',
      text: (token) =>
        `select r.* from ${from} left join lateral (select ${setTenant(token)} as set) s on true left join lateral (select ${columns} from ${from} where s.set is not null) r on true`,
    },
    {
      name: 'in an aggregate’s FILTER',
      text: (token) =>
        `select json_agg(to_jsonb(r)) filter (where ${setTenant(token)} is not null) from (select ${columns} from ${from}) r`,
    },
    {
      name: 'under the old name',
      text: (_token, tenantId) =>
        `with s as materialized (select ${plain(tenantId)}) select ${columns} from s, ${from}`,
    },
  ];
  const may = (operation: 'insert' | 'update' | 'delete') =>
    grantedColumns(relation, 'app', operation).length > 0;
  const writes: Injection[] = [
    ...(may('delete')
      ? [
          {
            name: 'in DELETE',
            text: (token: string) =>
              `delete from ${from} where ${setTenant(token)} is not null returning ${columns}`,
          },
        ]
      : []),
    ...(may('update')
      ? [
          {
            name: 'in UPDATE',
            text: (token: string) => {
              const [column] = grantedColumns(relation, 'app', 'update');
              return `with s as materialized (select ${setTenant(token)}) update ${from} set "${column}" = t."${column}" from s returning ${columns}`;
            },
          },
        ]
      : []),
  ];
  return [...reads, ...writes];
}
