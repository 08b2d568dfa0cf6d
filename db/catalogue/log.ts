import { type Finding, type Inspection, warning } from './finding';

/** What PostgreSQL says of a setting, for those that it has. */
type Settings = ReadonlyMap<string, string>;

const number = (settings: Settings, name: string): number => Number(settings.get(name) ?? '-1');

/** Why statements that succeed are written with their parameters, if they are. */
function reasons(settings: Settings): string[] {
  const found: string[] = [];
  const statement = settings.get('log_statement') ?? 'none';
  if (['all', 'mod'].includes(statement)) found.push(`log_statement = ${statement}`);
  if (number(settings, 'log_min_duration_statement') >= 0) {
    found.push(`log_min_duration_statement = ${settings.get('log_min_duration_statement')}`);
  }
  const sampled = number(settings, 'log_statement_sample_rate') > 0;
  if (sampled && number(settings, 'log_min_duration_sample') >= 0) {
    found.push(`log_min_duration_sample = ${settings.get('log_min_duration_sample')}`);
  }
  if (number(settings, 'log_transaction_sample_rate') > 0) {
    found.push(`log_transaction_sample_rate = ${settings.get('log_transaction_sample_rate')}`);
  }
  return found;
}

const parameters =
  'parameters hold tenants’ tokens and contents, and at a start the key that signs the tokens';

const off = (name: string, value: string): string =>
  `ALTER SYSTEM SET ${name} = ${value}; SELECT pg_reload_conf();`;

function judge(settings: Settings): Finding[] {
  const findings: Finding[] = [];
  const add = (because: string, fix: string) =>
    findings.push(
      warning(`The server logs statements with parameters (${because}): ${parameters}.`, fix),
    );
  const why = reasons(settings);
  if (why.length > 0 && number(settings, 'log_parameter_max_length') !== 0) {
    add(why.join(', '), off('log_parameter_max_length', '0'));
  }
  const onError = settings.get('log_parameter_max_length_on_error') ?? '0';
  if (onError !== '0') {
    add(
      `log_parameter_max_length_on_error = ${onError}`,
      off('log_parameter_max_length_on_error', '0'),
    );
  }
  const explained = number(settings, 'auto_explain.log_min_duration') >= 0;
  if (explained && number(settings, 'auto_explain.log_parameter_max_length') !== 0) {
    add('auto_explain', off('auto_explain.log_parameter_max_length', '0'));
  }
  if (settings.get('pgaudit.log_parameter') === 'on') {
    add('pgaudit.log_parameter = on', off('pgaudit.log_parameter', 'off'));
  }
  return findings;
}

/** The server's log has no values of statements in it, as far as this session is logged like others. */
export function serverLog(): Inspection {
  return async (client) => {
    const { rows } = await client.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings
        where name ~ '^(log_(statement|min_duration|parameter|transaction)|auto_explain\\.log|pgaudit\\.log)'`,
    );
    const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
    return { check: 'server-log', looked: rows.length, findings: judge(settings) };
  };
}
