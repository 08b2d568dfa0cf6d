import { describe, expect, it } from 'vitest';
import { inspectWith } from '@/db/catalogue';
import { testDatabase } from '@/db/testing';

const database = testDatabase();

/** A login that somebody let in to look at something, as an administrator does in good faith. */
const intern = `
  create role intern login;
  do $$ begin execute format('grant connect on database %I to intern', current_database()); end $$;
  grant usage on schema public to intern;`;

/** Break something, look, and undo it: nobody else ever sees it broken, not even its roles. */
async function lookWhen(...statements: readonly string[]) {
  await database.owner.query('begin');
  try {
    for (const statement of statements) await database.owner.query(statement);
    return await inspectWith(database.owner);
  } finally {
    await database.owner.query('rollback');
  }
}

describe('a login beside ours', () => {
  it('is told of when it is let in, as a warning', async () => {
    const found = (await lookWhen(intern)).flatMap(({ findings }) => findings);
    expect(found.map(({ what }) => what)).toEqual([
      'intern has CONNECT on this database.',
      'intern has USAGE on schema public.',
    ]);
    expect(found.every(({ severity }) => severity === 'warning')).toBe(true);
  });

  it('is nobody’s business when it may not come in here', async () => {
    const checks = await lookWhen(
      'create role elsewhere login bypassrls; grant pg_read_all_data to elsewhere',
      'create role admin login superuser',
    );
    expect(checks.flatMap(({ findings }) => findings)).toEqual([]);
  });

  it.each([
    ['members', 'intern may act as tenantry_owner', 'grant tenantry_owner to intern'],
    ['members', 'intern may act as tenantry_platform', 'grant tenantry_platform to intern'],
    ['members', 'intern may act as tenantry_engine', 'grant tenantry_engine to intern'],
    ['members', 'intern may act as tenantry_search', 'grant tenantry_search to intern'],
    [
      'members',
      'intern may act as tenantry_owner, through staff',
      'create role dbas; create role staff; grant tenantry_owner to dbas; grant dbas to staff; grant staff to intern',
    ],
    [
      'logins',
      'intern has BYPASSRLS',
      'alter role intern bypassrls; grant select on all tables in schema public to intern',
    ],
    ['logins', 'intern may act as pg_read_all_data', 'grant pg_read_all_data to intern'],
    ['logins', 'intern may act as pg_write_all_data', 'grant pg_write_all_data to intern'],
    [
      'logins',
      'intern may act as pg_read_all_data, through readers',
      'create role readers; grant pg_read_all_data to readers; grant readers to intern',
    ],
    ['logins', 'intern may act as postgres', 'grant postgres to intern'],
    ['logins', 'pg_execute_server_program', 'grant pg_execute_server_program to intern'],
    ['schemas', 'intern has USAGE on schema private', 'grant usage on schema private to intern'],
    ['schemas', 'intern has CREATE on schema public', 'grant create on schema public to intern'],
    [
      'grants',
      'intern SELECT on private.context_keys',
      'grant select on private.context_keys to intern',
    ],
    [
      'grants',
      'PUBLIC SELECT on private.context_keys',
      'grant select on private.context_keys to public',
    ],
    [
      'grants',
      'intern SELECT on private.context_keys.key',
      'grant select (key) on private.context_keys to intern',
    ],
    ['grants', 'intern SELECT on public.users', 'grant select on users to intern'],
    ['grants', 'intern UPDATE on public.users.email', 'grant update (email) on users to intern'],
    [
      'grants',
      'tenantry_platform SELECT on engine.runs',
      'grant select on all tables in schema engine to tenantry_platform',
    ],
    [
      'grants',
      'tenantry_engine TRUNCATE on engine.runs',
      'grant truncate on engine.runs to tenantry_engine',
    ],
    [
      'sequences',
      'intern has SELECT on the sequence',
      'grant select on all sequences in schema engine to intern',
    ],
    [
      'default-privileges',
      'SELECT on TABLES to intern',
      'alter default privileges for role tenantry_owner grant select on tables to intern',
    ],
    [
      'definer-functions',
      'can be called by intern',
      'grant execute on function private.context_key(text) to intern',
    ],
  ])('%s: finds that %s, and it is a danger', async (check, what, breaking) => {
    const checks = await lookWhen(intern, breaking);
    const findings = checks.find((one) => one.check === check)?.findings ?? [];
    const finding = findings.find((one) => one.what.includes(what));
    expect(finding, findings.map((one) => one.what).join('\n')).toBeDefined();
    expect(finding?.severity).toBeUndefined();
  });

  it('is only warned of when it runs the server and reads all', async () => {
    const checks = await lookWhen(intern, 'alter role intern createrole bypassrls');
    const { findings } = checks.find(({ check }) => check === 'logins') ?? { findings: [] };
    expect(findings).toHaveLength(1);
    expect(findings[0]?.severity).toBe('warning');
  });

  it.each([
    'grant tenantry_owner to intern',
    'create role dbas; create role staff; grant tenantry_owner to dbas; grant dbas to staff; grant staff to intern',
    'alter role intern bypassrls',
    'grant pg_read_all_data to intern',
    'grant select on private.context_keys to intern',
    'grant usage on schema private to public',
    'grant select on all tables in schema engine to tenantry_platform',
    'grant update (email) on users to intern',
    'alter table resources disable trigger all',
    "alter table memberships alter column role set default 'owner'",
    'alter table runs alter column state drop default',
  ])('is put right by what the findings say: %s', async (breaking) => {
    const { owner } = database;
    const look = async () => (await inspectWith(owner)).flatMap(({ findings }) => findings);
    await owner.query('begin');
    try {
      await owner.query(`${intern}; ${breaking}`);
      const found = await look();
      expect(found.length).toBeGreaterThan(2);
      for (const { fix } of found) await owner.query(fix);
      expect(await look()).toEqual([]);
    } finally {
      await owner.query('rollback');
    }
  });
});

describe('a function that acts as its caller', () => {
  it('is called by nobody but those declared', async () => {
    const breaking = 'grant execute on function search.resource_words(text, jsonb) to intern';
    const checks = await lookWhen(intern, breaking);
    const findings = checks.find(({ check }) => check === 'definer-functions')?.findings ?? [];
    expect(findings.map(({ what }) => what)).toEqual([
      'intern may call search.resource_words(text, jsonb), which was not declared.',
    ]);
  });
});

describe('the owner’s role', () => {
  it('inherits nothing from the search’s, as a start leaves it', async () => {
    const { rows } = await database.owner.query(
      `select rolinherit as inherits, pg_has_role(oid, 'tenantry_search', 'USAGE') as has,
              pg_has_role(oid, 'tenantry_search', 'MEMBER') as may
         from pg_roles where rolname = 'tenantry_owner'`,
    );
    expect(rows).toEqual([{ inherits: false, has: false, may: true }]);
  });

  it('is found where it does', async () => {
    const checks = await lookWhen('grant tenantry_search to tenantry_owner with inherit true');
    const findings = checks.find(({ check }) => check === 'owner')?.findings ?? [];
    expect(findings.map(({ what }) => what).join()).toContain('inherits what tenantry_search may');
  });
});

describe('what was changed by hand in a table', () => {
  it.each([
    [
      'constraints',
      'foreign keys of resources are switched off',
      'alter table resources disable trigger all',
    ],
    [
      'constraints',
      'foreign keys of resources are switched off',
      `do $$ declare name text; begin
         for name in select tgname from pg_trigger where tgrelid = 'resources'::regclass loop
           execute format('alter table resources enable replica trigger %I', name);
         end loop; end $$`,
    ],
    ['declared', 'starts with', "alter table memberships alter column role set default 'owner'"],
    ['declared', 'starts with', 'alter table automations alter column enabled set default false'],
    ['declared', 'starts with', 'alter table runs alter column state drop default'],
    ['declared', 'starts with', 'alter table engine.events alter column sequence drop identity'],
  ])('%s: finds that %s', async (check, what, breaking) => {
    const checks = await lookWhen(breaking);
    const findings = checks.find((one) => one.check === check)?.findings ?? [];
    expect(findings.map((one) => one.what).join('\n')).toContain(what);
  });
});

describe('the server’s log', () => {
  const logFindings = async (...statements: string[]) =>
    (await lookWhen(...statements)).find(({ check }) => check === 'server-log')?.findings ?? [];

  it.each([
    'set local log_statement = "all"',
    'set local log_statement = mod',
    'set local log_min_duration_statement = 0',
    'set local log_min_duration_statement = 500',
    'set local log_min_duration_sample = 0',
    'set local log_transaction_sample_rate = 1',
    'set local log_parameter_max_length_on_error = -1',
  ])('holds parameters, and with them tenants’ tokens: %s', async (breaking) => {
    const findings = await logFindings(breaking);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'warning' });
    expect(findings[0]?.fix).toContain('log_parameter_max_length');
  });

  it.each([
    [['set local log_statement = ddl']],
    [['set local log_statement = "all"', 'set local log_parameter_max_length = 0']],
    [['set local log_min_duration_sample = 0', 'set local log_statement_sample_rate = 0']],
  ])('holds none: %s', async (statements) => {
    expect(await logFindings(...statements)).toEqual([]);
  });
});

describe('a look of which a part fails', () => {
  it('keeps what the others found, and says what was not seen', async () => {
    const checks = await lookWhen(
      'alter table runs no force row level security',
      // Whatever asks pg_policy is refused from here on.
      'revoke select on pg_policy from public; grant pg_read_all_settings to tenantry_platform',
      'set local role tenantry_platform',
    );
    const found = checks.flatMap(({ findings }) => findings);
    expect(found.filter(({ unseen }) => unseen)).toEqual([
      expect.objectContaining({ what: expect.stringContaining('policies could not be looked at') }),
    ]);
    expect(found).toContainEqual(
      expect.objectContaining({ what: expect.stringContaining('Table runs is without') }),
    );
  });
});
