import { describe, expect, it } from 'vitest';
import { declaredTables } from '@/db/schema';
import { inventory } from './tables';

describe('what can be exported', () => {
  it('is every table with rows of an organisation, or is said to be left out', () => {
    const { tables, leftOut } = inventory();
    const known = new Set([...tables.map(({ name }) => name), ...leftOut.map(({ what }) => what)]);
    const all = declaredTables().filter(({ rowSecurity }) => rowSecurity);
    expect(all.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  it('has no column that holds a secret', () => {
    const suspicious = inventory().tables.flatMap(({ name, columns }) =>
      columns
        .filter((column) =>
          /secret|token|hash|sealed|wrapped|password|verifier|passphrase/.test(column.name),
        )
        .map((column) => `${name}.${column.name}`),
    );
    // A count of changes, the points of a budget, and the hashes of a public tree.
    expect(suspicious).toEqual([
      'audit_streams.secret_generation',
      'provider_budgets.tokens',
      'record_tiles.hashes',
    ]);
  });
});
