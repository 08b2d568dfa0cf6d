import { join, root, type Scope, type Source } from './sources';
import type { Token } from './tokens';
import { type Group, grow, isGroup, isQuery, isSign, isWord, type Node, nameOf } from './tree';

/** What a statement names. */
export interface Named {
  /** Tables, in order of their names. */
  readonly tables: readonly string[];
  /** Tenant tables that are read or written without saying whose rows are meant. */
  readonly unbound: readonly string[];
}

const clauses = [
  ...['select', 'from', 'where', 'on', 'set', 'group', 'having', 'order', 'limit', 'offset'],
  ...['returning', 'window', 'for', 'conflict', 'using', 'values', 'fetch'],
];
const joins = ['join', 'left', 'right', 'full', 'inner', 'cross', 'natural'];
const setOperators = ['union', 'intersect', 'except'];

class Reading {
  readonly #tenantTables: ReadonlySet<string>;
  readonly #all: Source[] = [];

  constructor(tenantTables: ReadonlySet<string>) {
    this.#tenantTables = tenantTables;
  }

  result(): Named {
    const named = this.#all.filter(({ key }) => key !== undefined);
    const unbound = named.filter((source) => source.mustBind && !root(source).bound);
    const names = (sources: readonly Source[]) =>
      [...new Set(sources.map(({ table }) => table))].sort();
    return { tables: names(named), unbound: names(unbound) };
  }

  /** A query at one level of brackets, with what its `with` and its set operators divide it into. */
  query(nodes: readonly Node[], outer: Scope | undefined, inherited: ReadonlySet<string>): void {
    const ctes = new Set(inherited);
    let rest = nodes;
    if (isWord(nodes[0], 'with')) {
      for (let at = 1; at < nodes.length; at += 1) {
        const name = nameOf(nodes[at]);
        if (name !== undefined && this.#isCte(nodes, at)) ctes.add(name);
      }
      const main = nodes.findIndex(
        (node, at) => at > 0 && isWord(node, 'select', 'insert', 'update', 'delete', 'values'),
      );
      rest = main < 0 ? [] : nodes.slice(main);
      for (const node of main < 0 ? nodes : nodes.slice(0, main)) {
        if (isGroup(node) && isQuery(node)) this.query(node.nodes, outer, ctes);
      }
    }
    let from = 0;
    for (let at = 0; at <= rest.length; at += 1) {
      if (at < rest.length && !isWord(rest[at], ...setOperators)) continue;
      this.#block(rest.slice(from, at), outer, ctes);
      from = at + 1;
    }
  }

  /** `name [(columns)] as [not materialized] (…)` */
  #isCte(nodes: readonly Node[], at: number): boolean {
    const next = isGroup(nodes[at + 1]) ? at + 2 : at + 1;
    return isWord(nodes[next], 'as');
  }

  #block(nodes: readonly Node[], outer: Scope | undefined, ctes: ReadonlySet<string>): void {
    const [first] = nodes;
    // A query in brackets, as an operand of UNION has them.
    if (isGroup(first) && isQuery(first)) this.query(first.nodes, outer, ctes);
    const scope: Scope = { sources: new Map(), ctes, outer };
    this.#sources(nodes, scope);
    this.#conditions(nodes, scope);
    for (const node of nodes) this.#inner(node, scope);
  }

  /** Queries within expressions, wherever they stand. */
  #inner(node: Node, scope: Scope): void {
    if (!isGroup(node)) return;
    if (isQuery(node)) this.query(node.nodes, scope, scope.ctes);
    else for (const child of node.nodes) this.#inner(child, scope);
  }

  #sources(nodes: readonly Node[], scope: Scope): void {
    let listing = false;
    for (let at = 0; at < nodes.length; at += 1) {
      const node = nodes[at];
      const previous = nodes[at - 1];
      if (isWord(node, 'from')) {
        if (isWord(previous, 'distinct') && isWord(nodes[at - 2], 'is', 'not')) continue;
        listing = true;
      } else if (isWord(node, 'using') && !isGroup(nodes[at + 1])) listing = true;
      else if (isWord(node, 'join', 'into')) listing = true;
      else if (isWord(node, 'update') && at === 0) listing = true;
      else if (isSign(node, ',') && listing) {
      } else {
        if (isWord(node, ...clauses) && !isWord(node, 'on', 'using')) listing = false;
        continue;
      }
      const source = this.#source(nodes, at + 1, scope);
      if (!source) continue;
      if (isWord(node, 'into')) this.#insertion(source, nodes, at + 1);
      if (isWord(node, 'join')) this.#using(source, nodes, at + 1, scope);
    }
  }

  /** A row that is written says whose it is, among its columns. */
  #insertion(source: Source, nodes: readonly Node[], from: number): void {
    const columns = nodes.slice(from, from + 6).find(isGroup);
    if (columns?.nodes.some((node) => nameOf(node) === source.key)) source.bound = true;
    // What is updated where it is there already has the key that was to be written.
  }

  /** `join b using (tenant_id, …)` */
  #using(source: Source, nodes: readonly Node[], from: number, scope: Scope): void {
    const rest = nodes.slice(from);
    const end = rest.findIndex((node) => isWord(node, ...joins, 'where', 'on', 'order', 'group'));
    const part = end < 0 ? rest : rest.slice(0, end);
    const at = part.findIndex((node) => isWord(node, 'using'));
    const columns = part[at + 1];
    if (at < 0 || !isGroup(columns)) return;
    if (!columns.nodes.some((node) => nameOf(node) === source.key)) return;
    for (const other of scope.sources.values()) if (other !== source) join(source, other);
  }

  #source(nodes: readonly Node[], from: number, scope: Scope): Source | undefined {
    let at = from;
    while (isWord(nodes[at], 'only', 'lateral')) at += 1;
    const node = nodes[at];
    let table = '';
    let real = false;
    if (isGroup(node)) {
      // A list of joins in brackets names its tables for this query.
      if (!isQuery(node)) {
        this.#sources([{ kind: 'word', text: 'from', spaced: true }, ...node.nodes], scope);
        this.#conditions(node.nodes, scope);
        return undefined;
      }
    } else {
      const name = nameOf(node);
      if (name === undefined) return undefined;
      table = name;
      const qualified = isSign(nodes[at + 1], '.') ? nameOf(nodes[at + 2]) : undefined;
      if (qualified !== undefined) {
        table = name === 'public' ? qualified : `${name}.${qualified}`;
        at += 2;
      }
      const called = isGroup(nodes[at + 1]) && !isWord(nodes[from - 1], 'into');
      real = !called && !(qualified === undefined && scope.ctes.has(name));
      if (called) at += 1;
    }
    const alias = nameOf(nodes[isWord(nodes[at + 1], 'as') ? at + 2 : at + 1]);
    const source = this.#made(table, real);
    scope.sources.set(alias ?? table.split('.').at(-1) ?? table, source);
    return source;
  }

  #made(table: string, real: boolean): Source {
    const mustBind = real && this.#tenantTables.has(table);
    const key = table === 'tenants' ? 'id' : 'tenant_id';
    const source: Source = {
      table,
      key: real ? key : undefined,
      mustBind,
      // What a CTE, a function or a query in brackets gives is judged where its rows come from.
      bound: !real,
      same: undefined,
    };
    this.#all.push(source);
    return source;
  }

  #conditions(nodes: readonly Node[], scope: Scope): void {
    let from: number | undefined;
    for (let at = 0; at <= nodes.length; at += 1) {
      const node = nodes[at];
      const ends = at === nodes.length || isWord(node, ...clauses, ...joins);
      if (!ends) continue;
      if (from !== undefined) this.#condition(nodes.slice(from, at), scope);
      from = isWord(node, 'where', 'on') ? at + 1 : undefined;
    }
  }

  /** What must hold: of alternatives nothing must, and what is denied does not. */
  #condition(nodes: readonly Node[], scope: Scope): void {
    if (nodes.some((node) => isWord(node, 'or', 'case'))) return;
    for (const [at, node] of nodes.entries()) {
      if (isGroup(node) && !isQuery(node)) {
        const called = nameOf(nodes[at - 1]) !== undefined || isWord(nodes[at - 1], 'any', 'in');
        if (called || isWord(nodes[at - 1], 'not')) continue;
        this.#condition(node.nodes, scope);
        this.#tuple(node, nodes, at, scope);
        continue;
      }
      const column = this.#column(nodes, at, scope);
      if (column) this.#comparison(column.source, nodes, at, column.end, scope);
    }
  }

  /** `(tenant_id, id) in (…)`, `(a.tenant_id, a.id) = (b.tenant_id, b.id)` */
  #tuple(group: Group, nodes: readonly Node[], at: number, scope: Scope): void {
    if (!isSign(nodes[at + 1], '=') && !isWord(nodes[at + 1], 'in')) return;
    for (const [inner] of group.nodes.entries()) {
      const column = this.#column(group.nodes, inner, scope);
      if (column) root(column.source).bound = true;
    }
  }

  /** The key of a source that is named at `at`, and where the name ends. */
  #column(
    nodes: readonly Node[],
    at: number,
    scope: Scope,
  ): { source: Source; end: number } | undefined {
    if (isSign(nodes[at - 1], '.')) return undefined;
    const first = nameOf(nodes[at]);
    if (first === undefined) return undefined;
    if (isSign(nodes[at + 1], '.')) {
      const column = nameOf(nodes[at + 2]);
      const source = this.#find(first, scope);
      if (!source || (source.key !== undefined && source.key !== column)) return undefined;
      return { source, end: at + 2 };
    }
    if (first !== 'tenant_id' || isGroup(nodes[at + 1])) return undefined;
    const source = this.#onlyKeyed(scope);
    return source && { source, end: at };
  }

  #find(alias: string, scope: Scope | undefined): Source | undefined {
    for (let around = scope; around; around = around.outer) {
      const source = around.sources.get(alias);
      if (source) return source;
    }
    return undefined;
  }

  /** Without an alias a name must be clear: the one table that has the column. */
  #onlyKeyed(scope: Scope | undefined): Source | undefined {
    for (let around = scope; around; around = around.outer) {
      const keyed = [...around.sources.values()].filter(({ mustBind }) => mustBind);
      if (keyed.length > 0) return keyed.length === 1 ? keyed[0] : undefined;
    }
    return undefined;
  }

  #comparison(
    source: Source,
    nodes: readonly Node[],
    start: number,
    end: number,
    scope: Scope,
  ): void {
    if (isSign(nodes[end + 1], '=')) this.#against(source, nodes, end + 2, scope);
    else if (isWord(nodes[end + 1], 'in')) root(source).bound = true;
    else if (isSign(nodes[start - 1], '=') && !this.#columnBefore(nodes, start - 2, scope)) {
      root(source).bound = true;
    }
  }

  /** Whether what stands before an equals sign is a key itself: it has been looked at then. */
  #columnBefore(nodes: readonly Node[], end: number, scope: Scope): boolean {
    const start = isSign(nodes[end - 1], '.') ? end - 2 : end;
    if (this.#column(nodes, start, scope)) return true;
    // Another column of some table: it says nothing of the tenant.
    return nameOf(nodes[end]) !== undefined && nodes[end]?.kind !== 'literal';
  }

  #against(source: Source, nodes: readonly Node[], at: number, scope: Scope): void {
    const node = nodes[at];
    const other = this.#column(nodes, at, scope);
    if (other) join(source, other.source);
    else if (isWord(node, 'any')) root(source).bound = true;
    else if (isGroup(node) || node?.kind === 'parameter' || node?.kind === 'literal') {
      root(source).bound = true;
    } else if (nameOf(node) !== undefined && this.#isCall(nodes, at)) root(source).bound = true;
  }

  #isCall(nodes: readonly Node[], at: number): boolean {
    return isGroup(nodes[at + 1]) || (isSign(nodes[at + 1], '.') && isGroup(nodes[at + 3]));
  }
}

/**
 * Which tables a statement names, and on which tenant tables it does not say whose rows it means.
 *
 * A table is bound when a condition that must hold equals its `tenant_id` with a parameter or with
 * the key of another table that is bound. What is not understood counts as not bound, so that a
 * mistake is seen.
 */
export function namedTables(tokens: readonly Token[], tenantTables: ReadonlySet<string>): Named {
  const reading = new Reading(tenantTables);
  reading.query(grow(tokens).nodes, undefined, new Set());
  return reading.result();
}
