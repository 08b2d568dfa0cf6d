import { declaredTables } from '@/db/schema';
import { callersFunctions, definerFunctions } from '@/db/schema/functions';
import { ownerRole, type ServingRole, servingRoles } from '@/db/schema/roles';
import type { Grant, Privilege, TableDeclaration } from '@/db/schema/table';
import type { Relation, Routine } from './catalogue';

/** What the declarations say that a role may do. */

/** The roles that serve, and the owner, whom FORCE keeps from tenants' rows. */
export const actors: readonly (ServingRole | 'owner')[] = [
  'app',
  'identity',
  'platform',
  'engine',
  'owner',
];
export type ActorKey = ServingRole | 'owner';

export const roleOf = (key: ActorKey): string => (key === 'owner' ? ownerRole : servingRoles[key]);

export const operations = [
  'select',
  'insert',
  'update',
  'delete',
] as const satisfies readonly Privilege[];

const declarations = new Map(declaredTables().map((one) => [one.name, one]));

export function declarationOf({ schema, name }: Relation): TableDeclaration | undefined {
  return schema === 'public' ? declarations.get(name) : undefined;
}

/** Columns on which a role may do this: all of them, the named ones, or none. */
export function grantedColumns(
  relation: Relation,
  key: ActorKey,
  operation: Privilege,
): readonly string[] {
  const all = relation.columns.map(({ name }) => name);
  // The owner may by owning; the engine has its schema for itself.
  if (key === 'owner') return all;
  if (relation.schema === 'engine') return key === 'engine' ? all : [];
  const grants: readonly Grant[] = declarationOf(relation)?.grants[key] ?? [];
  return grants.flatMap((grant) => {
    if (typeof grant === 'string') return grant === operation ? all : [];
    return grant.privilege === operation ? grant.columns : [];
  });
}

/** The columns that whoever may insert most gives a value to; the database fills in the others. */
export function insertedColumns(relation: Relation): readonly string[] {
  const [most = []] = Object.keys(servingRoles)
    .map((key) => grantedColumns(relation, key as ServingRole, 'insert'))
    .sort((one, other) => other.length - one.length);
  return most.length > 0 ? most : grantedColumns(relation, 'owner', 'insert');
}

/** As PostgreSQL writes it in one place and not in the other. */
const same = (one: string, other: string) => one.replaceAll(' ', '') === other.replaceAll(' ', '');

const isDefiner = (signature: string) =>
  definerFunctions.some((one) => same(one.signature, signature));

/** Who may call a routine of ours. */
export function mayExecute({ signature }: Routine, key: ServingRole): boolean {
  return [...definerFunctions, ...callersFunctions].some(
    (one) => same(one.signature, signature) && one.execute.includes(key),
  );
}

/** Things in the database that no declaration knows of: each with the line that is missing. */
export function undeclared(
  relations: readonly Relation[],
  routines: readonly Routine[],
): readonly string[] {
  const tables = relations
    .filter((relation) => relation.schema === 'public' && relation.kind === 'table')
    .filter((relation) => !declarationOf(relation) && !relation.isPartition)
    .map(
      ({ id, name }) =>
        `Table ${id} is not declared, so nothing isolates it. Declare it in db/schema: export const ${camel(name)} = tenantTable()('${name}', { … });`,
    );
  const definers = routines
    .filter(({ signature, definer }) => definer && !isDefiner(signature))
    .map(
      ({ signature }) =>
        `Function ${signature} acts with its owner’s rights and is not listed. Add to definerFunctions in db/schema/functions.ts: { signature: '${signature}', execute: [], why: '…' },`,
    );
  return [...tables, ...definers];
}

const camel = (name: string): string =>
  name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
