/** A function that acts with its owner's rights: a way past row security, so each is listed here. */
export interface DefinerFunction {
  /** As `regprocedure` prints it, schema first. */
  readonly signature: string;
  /** Who may call it; everybody else is refused. */
  readonly execute: readonly ('app' | 'identity' | 'platform' | 'engine')[];
  readonly why: string;
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
    why: 'Checks the tenant context with a key that no serving role may read.',
  },
  {
    signature: 'private.context_key(text)',
    execute: [],
    why: 'Reads that key for current_tenant(), and nobody else may call it.',
  },
];
