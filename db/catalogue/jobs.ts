import { type Inspection, inspection } from './finding';

/** Texts of a job that say what it is, and not what it is about. */
const words = new Set(['kind', 'request_id']);
const idTypes = new Set(['uuid', 'timestamp with time zone']);

/** Door 7: a job carries ids, never secrets and never authority. There is no column for more. */
export function jobColumns(): Inspection {
  return inspection<{ name: string; type: string }>(
    'job-columns',
    `select t.attname as name, format_type(t.atttypid, t.atttypmod) as type
       from pg_attribute t join pg_class c on c.oid = t.attrelid
      where c.relnamespace = 'public'::regnamespace and c.relname = 'jobs'
        and t.attnum > 0 and not t.attisdropped order by t.attnum`,
    [],
    ({ name, type }) =>
      idTypes.has(type) || words.has(name)
        ? []
        : [
            {
              what: `A job has room for more than ids: its column ${name} is ${type}.`,
              fix: 'Keep it in a table of its own, and let the job carry the id.',
            },
          ],
  );
}
