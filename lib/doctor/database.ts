import type { CatalogueCheck } from '@/db';
import type { DoctorArea, DoctorCheck } from './contract';
import { placed } from './finding';

type Place = readonly [area: DoctorArea, title: string];

/** The checks of the live database, by the catalogue's names for them. */
const places: Readonly<Record<string, Place>> = {
  'row-security': ['tables', 'Tenant tables force row security'],
  policies: ['tables', 'Policies say what was declared, and there are no others'],
  'leading-index': ['tables', 'Tenant tables have a key that leads with the tenant'],
  'unique-keys': ['tables', 'Unique keys hold within a tenant'],
  'foreign-keys': ['tables', 'Foreign keys cannot cross tenants'],
  partitions: ['tables', 'Partitions are as guarded as their table'],
  declared: ['tables', 'Tables, columns and what they start with are those declared'],
  indexes: ['tables', 'Every declared index is there and usable'],
  constraints: ['tables', 'Every declared constraint is there, and none is switched off'],
  'foreign-key-indexes': ['tables', 'Every foreign key has its index'],
  'signed-context': ['context', 'A tenant context that is forged, expired or absent gives nothing'],
  'context-ends': ['context', 'Nothing of a transaction’s tenant is left behind it'],
  'closed-doors': ['context', 'The serving login cannot become more than it is'],
  owners: ['rights', 'Tables belong to the owner, who does not serve'],
  owner: ['rights', 'Nobody logs in as the owner or the search, and they have no powers'],
  members: ['rights', 'Only who prepares the database may become the owner or a role of ours'],
  logins: ['rights', 'No other login gets past row security or reads every table'],
  'search-rights': ['rights', 'The search reads what it searches and no more'],
  roles: ['rights', 'Serving roles cannot bypass row security'],
  'role-settings': ['rights', 'Logins start with the settings that were set for them'],
  parameters: ['rights', 'No login was given settings of the server'],
  grants: ['rights', 'Tables and columns are granted as declared, and to nobody else'],
  database: ['rights', 'Only our logins are let into the database'],
  schemas: ['rights', 'Only our roles may use the schemas, and none makes things there'],
  sequences: ['rights', 'Sequences tell nothing across tenants'],
  'default-privileges': ['rights', 'What is made later belongs to nobody until declared'],
  views: ['functions', 'Views ask as their caller'],
  'definer-functions': [
    'functions',
    'Functions that act as their owner are the declared ones, word for word',
  ],
  triggers: ['functions', 'No trigger or rule does more than the statement says'],
  extensions: ['functions', 'Extensions are those we use'],
  open: ['functions', 'What every login may do is closed where we have no use for it'],
  channels: ['functions', 'No way out beside the doors'],
  'job-columns': ['jobs', 'A job has room for ids only'],
  'server-log': ['configuration', 'The server’s log holds no parameters of statements'],
  catalogue: ['tables', 'The catalogue can be looked at'],
  attempts: ['context', 'What must not work can be tried'],
  'server-version': ['versions', 'PostgreSQL has the fixes of row security'],
};

/** The catalogue's checks as the doctor's. */
export function databaseChecks(checks: readonly CatalogueCheck[]): DoctorCheck[] {
  return checks.map(({ check, looked, findings }) => {
    const [area, title] = places[check] ?? (['tables', check] as const);
    return placed(area, 'database', {
      check: title,
      looked: `${looked} looked at`,
      findings: findings.map(({ what, fix, severity, unseen }) => ({
        where: 'database',
        problem: what,
        remedy: fix,
        ...(severity ? { severity } : {}),
        ...(unseen ? { unseen } : {}),
      })),
    });
  });
}

/** What is said of a database that could not be looked at. */
export function unseenDatabase(where: string, problem: string, remedy: string): DoctorCheck {
  const findings = [{ where, problem, remedy, severity: 'warning', unseen: true } as const];
  return placed('tables', 'database', {
    check: 'The database can be looked at',
    looked: where,
    findings,
  });
}
