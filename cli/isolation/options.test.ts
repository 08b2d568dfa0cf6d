import { describe, expect, it } from 'vitest';
import { readOptions, UsageError } from './options';

const url = 'postgres://somebody@localhost/backup';

describe('readOptions', () => {
  it('runs everything on a database of its own when nothing is said', () => {
    expect(readOptions([])).toEqual({
      only: undefined,
      database: undefined,
      server: undefined,
      readOnly: false,
      json: false,
      record: false,
      help: false,
    });
  });

  it('takes a database to look at, only reading', () => {
    expect(readOptions(['--database', url, '--read-only'])).toMatchObject({
      database: url,
      readOnly: true,
    });
  });

  it('sends statements only to a server that is given', () => {
    expect(readOptions(['--server', url])).toMatchObject({ server: url, only: 'sql' });
  });

  it.each([
    [['--only', 'ftp']],
    [['--read-only']],
    [['--database', 'backup']],
    [['--database', url, '--only', 'http']],
    [['--server', 'localhost']],
    [['--server', url, '--database', url]],
    [['--server', url, '--only', 'http']],
    [['--record', '--server', url]],
    [['--record', '--only', 'sql']],
    [['--record', '--database', url]],
    [['--unknown']],
    [['something']],
  ])('refuses %j with what to do', (args) => {
    expect(() => readOptions(args)).toThrow(UsageError);
  });
});
