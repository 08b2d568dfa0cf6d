import { eraserRoleName, searchRoleName } from './roles';

/** A function that acts with its owner's rights: a way past row security, so each is listed here. */
export interface DefinerFunction {
  /** As `regprocedure` prints it, schema first. */
  readonly signature: string;
  /** Who may call it; everybody else is refused. */
  readonly execute: readonly ('app' | 'identity' | 'platform' | 'engine')[];
  /** Roles without a login that functions act as, and that call it then. */
  readonly executeToo?: readonly string[];
  readonly why: string;
  /** Whom it acts as, when that is not the owner. */
  readonly actsAs?: string;
  /** What it sets for its own statements, besides the search path; as `pg_proc.proconfig` has it. */
  readonly settings?: readonly string[];
  /** PostgreSQL may keep its answer in a plan, whoever comes next; of any other it must not. */
  readonly immutable?: boolean;
  /** Its body says the schema of every name and operator, and needs no search path of its own. */
  readonly qualified?: boolean;
  /**
   * SHA-256 of its body, hex; the doctor tells it. Left out for the functions that a start writes
   * itself: their bodies are compared with what it would write.
   */
  readonly digest?: string;
}

export const definerFunctions: readonly DefinerFunction[] = [
  {
    signature: 'public.current_tenant()',
    execute: ['app', 'identity', 'platform', 'engine'],
    executeToo: [searchRoleName],
    why: 'Checks the tenant context with a key that no serving role may read.',
    qualified: true,
  },
  {
    signature: 'public.use_tenant(text)',
    execute: ['app', 'identity', 'platform', 'engine'],
    why: 'Sets the token of a transaction, and nothing else: set_config is closed to those who serve.',
    qualified: true,
  },
  {
    signature: 'private.context_key(text)',
    execute: [],
    why: 'Reads that key for current_tenant(), and nobody else may call it.',
    immutable: true,
  },
  {
    signature: 'search.resources(text, text, text, text, text, uuid, text, uuid, integer, integer)',
    execute: ['app'],
    why: 'Row security keeps a search from its index. It answers ids of the current tenant, and nothing else.',
    actsAs: searchRoleName,
    settings: [
      'plan_cache_mode=force_custom_plan',
      'max_parallel_workers_per_gather=0',
      'enable_sort=off',
      'work_mem=32MB',
    ],
    digest: 'a9d920d0c2e96c321bf4cbece25c56b2959fa3d20d7d4af614e018e3a6f92b94',
  },
  {
    signature: 'public.audit_tail_from()',
    execute: ['app', 'platform'],
    why: 'Says from which transaction on events may be missing in their index; nobody who serves people reads how far the sealing is.',
    digest: '211afd219c282cb989aa4540faa6310dd8e2babcf1f89142a7e777045114cf79',
  },
  {
    signature: 'public.audit_tail_to()',
    execute: ['app', 'platform'],
    why: 'The same, up to which: that of the statement, unless the numbers are of another cluster.',
    digest: '062da72a2769697e35eaf291e326a47b03464919b892484a002ac01899e6089c',
  },
  {
    signature: 'lifecycle.close(uuid)',
    execute: ['engine'],
    why: 'Ends a grace that is over and closes its tenant; nothing else says so.',
    actsAs: eraserRoleName,
    digest: '428c4497a2256a712a8e75931c1e19bbe910e3b547b360ae11a02f46efed0415',
  },
  {
    signature: 'lifecycle.erase(uuid, name, uuid, integer)',
    execute: ['engine'],
    why: 'Deletes rows of a closed tenant, those on record too, a batch at a time.',
    actsAs: eraserRoleName,
    digest: '1ed8754e337150c721ad4d819af1e525d95624a871d75af52c1cdde1f18e45b4',
  },
  {
    signature: 'lifecycle.erase_people(uuid, integer)',
    execute: ['engine'],
    why: 'Deletes people who belong to a closed tenant and to no other.',
    actsAs: eraserRoleName,
    digest: '0331eef164a306743afe043916ca5f8305d8a2da7d554b1d8c1cc86cd35a8f42',
  },
  {
    signature: 'lifecycle.erase_mentions(uuid, integer)',
    execute: ['engine'],
    why: "Takes a closed tenant's id out of rows that are not its own.",
    actsAs: eraserRoleName,
    digest: '72e96e2484163a092e452f5b10cb892f1ef4a44510f652d40fbfe919d20ab241',
  },
  {
    signature: 'lifecycle.erase_tenant(uuid)',
    execute: ['engine'],
    why: 'Deletes the row of a closed tenant itself.',
    actsAs: eraserRoleName,
    digest: '027a556d6195ab634585d7631f2199d13bd93ab3bc3da53c33459d540e030beb',
  },
  {
    signature: 'lifecycle.scan(uuid, name)',
    execute: ['engine'],
    why: 'Counts what is left of a closed tenant in one table.',
    actsAs: eraserRoleName,
    digest: '81457304990d456986fc57739e42ae174fd079665b6c64b3cff67dadbc0f386a',
  },
];

/** Functions of ours that act as their caller, and who may call them. */
export const callersFunctions: readonly Pick<DefinerFunction, 'signature' | 'execute'>[] = [
  // An index is kept with the rights of whoever writes the row.
  { signature: 'search.resource_tokens(uuid, text, jsonb, text, uuid, boolean)', execute: ['app'] },
  { signature: 'search.resource_words(text, jsonb)', execute: ['app'] },
  { signature: 'lifecycle.erasable(uuid)', execute: [] },
  { signature: 'lifecycle.places()', execute: ['engine'] },
  { signature: 'lifecycle.scanned()', execute: ['engine'] },
];
