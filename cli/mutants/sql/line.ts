import type { SqlMutant } from '../mutant';

/** A mutant of the database, noticed by the isolation suite's SQL half or by a test beside the code. */
export type Line = Omit<SqlMutant, 'kind' | 'noticedBy'> & {
  /** The spec, without its folder and ending, or the test's file; and the test's title. */
  readonly by: readonly [spec: string, title: string];
};

/** Tests and classes that several mutants name. */
export const matrix = ['sql-matrix', 'every table × operation × context × role, direct'] as const;
export const everyTable = 'sql: every table, operation and context';
export const brokenRecords = 'record: one broken record holds up all';
export const longQueue = 'job: one tenant’s work holds up another’s';
export const functions = [
  'sql-catalogue',
  'functions can be called by whom they are declared for, and by nobody else',
] as const;
export const powers = [
  'sql-catalogue',
  'no role that serves owns anything or can go past row security',
] as const;
export const readable = [
  'sql-catalogue',
  'nothing that can be read gives another tenant’s rows',
] as const;
export const secretKey = ['sql-session', 'the key that signs contexts does not come out'] as const;
export const forged = ['sql-context', 'no forged token reads a row of any table, direct'] as const;
