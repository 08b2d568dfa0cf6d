import type { Value } from './values';

/**
 * Values for columns that the catalogue alone does not lead to, by `schema.table` and column: a type
 * or a check that the suite cannot read. A table that cannot be filled fails the suite with the line
 * to add here.
 */
export const samples: Readonly<Record<string, Readonly<Record<string, Value>>>> = {};
