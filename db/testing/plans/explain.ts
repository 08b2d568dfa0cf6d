import { Client, escapeLiteral } from 'pg';
import { contextToken } from '../../context-token';
import type { TenantId } from '../../ids';
import type { JourneyQuery } from '../../observe';
import type { ServingRole } from '../../schema/roles';

/** A node of a plan, as EXPLAIN (FORMAT JSON) has it; what we look at. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Schema?: string;
  readonly Alias?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly Filter?: string;
  readonly 'Sort Key'?: readonly string[];
  readonly 'Plan Rows': number;
  readonly 'Subplan Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** Planned for the values at hand, or once for whatever they are. */
export const planModes = ['force_custom_plan', 'force_generic_plan'] as const;
export type PlanMode = (typeof planModes)[number];

/** Logins of the serving roles, on connections of their own. */
export class Planner {
  readonly #clients: ReadonlyMap<ServingRole, Client>;
  readonly #contextKey: string;

  private constructor(clients: ReadonlyMap<ServingRole, Client>, contextKey: string) {
    this.#clients = clients;
    this.#contextKey = contextKey;
  }

  static async open(
    urls: Readonly<Record<ServingRole, string>>,
    contextKey: string,
  ): Promise<Planner> {
    const roles = ['app', 'identity', 'platform', 'engine'] as const;
    const clients = new Map(roles.map((role) => [role, new Client(urls[role])]));
    await Promise.all([...clients.values()].map((client) => client.connect()));
    return new Planner(clients, contextKey);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.end()));
  }

  /**
   * The plan of a query as its role runs it, under its tenant where it has one.
   * @param values its parameters, as text
   * @throws DatabaseError when the server does not plan it
   */
  async plan(
    query: JourneyQuery,
    values: readonly (string | null)[],
    { tenant, mode }: { readonly tenant: string; readonly mode: PlanMode },
  ): Promise<PlanNode> {
    const client = this.#clients.get(query.role) as Client;
    const given = values.map((value) => (value === null ? 'null' : escapeLiteral(value)));
    const scope = query.tenantId
      ? `public.use_tenant(${escapeLiteral(contextToken(this.#contextKey, tenant as TenantId))})`
      : '1';
    await client.query(`begin; select ${scope}; set local plan_cache_mode = ${mode}`);
    try {
      await client.query(`prepare journey as ${query.sql}`);
      const execute = given.length > 0 ? `execute journey(${given.join(', ')})` : 'execute journey';
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (format json, verbose) ${execute}`,
      );
      return (rows[0] as { 'QUERY PLAN': [{ Plan: PlanNode }] })['QUERY PLAN'][0].Plan;
    } finally {
      await client.query('rollback; deallocate all');
    }
  }
}

/** All nodes of a plan. */
export function nodesOf(plan: PlanNode): readonly PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** A plan as a few lines of text. */
export function planText(plan: PlanNode, depth = 0): string {
  const on = plan['Relation Name'] ? ` on ${plan['Relation Name']}` : '';
  const by = plan['Index Name'] ? ` using ${plan['Index Name']}` : '';
  const details = [
    plan['Index Cond'] && `Index Cond: ${plan['Index Cond']}`,
    plan.Filter && `Filter: ${plan.Filter}`,
    plan['Sort Key'] && `Sort Key: ${plan['Sort Key'].join(', ')}`,
  ].filter(Boolean);
  const indent = '  '.repeat(depth);
  const head = `${indent}${plan['Node Type']}${by}${on} (rows=${plan['Plan Rows']})`;
  const lines = details.map((detail) => `${indent}    ${detail}`);
  const inner = (plan.Plans ?? []).map((child) => planText(child, depth + 1));
  return [head, ...lines, ...inner].join('\n');
}
