import {
  type CatalogueCheck,
  type Finding,
  fromExtension,
  type Inspection,
  inspection,
  ourSchemas,
  warning,
} from './finding';

/** A view reads as its owner unless told otherwise, and a materialized one holds rows of all. */
export function views(): Inspection {
  return inspection<{ name: string; kind: string; invoker: boolean }>(
    'views',
    `select c.oid::regclass::text as name, c.relkind as kind,
            coalesce(c.reloptions::text[] && array['security_invoker=true', 'security_invoker=on',
                                                   'security_invoker=1'], false) as invoker
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${ourSchemas} and c.relkind in ('v', 'm', 'f')
        and not ${fromExtension('pg_class', 'c.oid')} order by 1`,
    [],
    ({ name, kind, invoker }) => {
      if (kind === 'v' && invoker) return [];
      if (kind === 'v') {
        return [
          {
            what: `View ${name} reads with its owner's rights, past row security.`,
            fix: `ALTER VIEW ${name} SET (security_invoker = true);`,
          },
        ];
      }
      const what = kind === 'm' ? 'Materialized view' : 'Foreign table';
      return [
        {
          what: `${what} ${name} has no row security of its own.`,
          fix: 'Use a table made with tenantTable instead.',
        },
      ];
    },
  );
}

/**
 * The oldest minor release with the row security fixes we count on (CVE-2026-14666, 2025-8713,
 * 2024-10976), by major. PostgreSQL releases the minors of all majors together, hence 16.16.
 */
const floors: Readonly<Record<number, number>> = { 15: 20, 16: 16, 17: 12, 18: 6 };

/**
 * What is wrong with a release, if anything.
 * @param number as `server_version_num` has it
 * @param production whether a release below the floor is a finding; on loopback it is not
 */
export function versionFinding(number: number, production: boolean): Finding | undefined {
  const major = Math.floor(number / 10_000);
  const minor = number % 10_000;
  const floor = floors[major];
  const old = major < 15 || (production && floor !== undefined && minor < floor);
  if (!old) return undefined;
  return warning(
    `PostgreSQL ${major}.${minor} lacks fixes to row security.`,
    floor === undefined ? 'Use PostgreSQL 15 or later.' : `Update to ${major}.${floor}.`,
  );
}

/** The server's release. */
export function serverVersion(production: boolean): Inspection {
  return async (client): Promise<CatalogueCheck> => {
    const { rows } = await client.query<{ number: number }>(
      "select current_setting('server_version_num')::int as number",
    );
    const finding = versionFinding(rows[0]?.number ?? 0, production);
    return { check: 'server-version', looked: 1, findings: finding ? [finding] : [] };
  };
}
