import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { csvDownload, csvStream, csvText } from '.';

const cell = (value: string | number) =>
  csvText(['a'], [{ a: value }])
    .slice('\ufeffa\n'.length)
    .trimEnd();

it.each([
  ['=1', "'=1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['＝1', "'＝1"],
  ['\t1', "'\t1"],
  ['\r1', `"'\r1"`],
  ['\n1', `"'\n1"`],
  ['\n=1', `"'\n'=1"`],
  ['"=1"', `"""'=1"""`],
  ['a;=1', "a;'=1"],
  ['a,=1', `"a,'=1"`],
  ['a|@b', "a|'@b"],
  ['a\t+1', "a\t'+1"],
  ['a\n-1', `"a\n'-1"`],
  ['a;"=1"', `"a;""'=1"""`],
])('%j is not run by a spreadsheet', (value, written) => {
  expect(cell(value)).toBe(written);
});

it.each(['a = b', 'a=b', 'ann@northwind.example', '2026-11-22', 'a; b', "it's", 'one - two'])(
  '%j stays as it is',
  (value) => expect(cell(value)).toBe(value),
);

it('a number below nothing stays a number', () => {
  expect(cell(-5)).toBe('-5');
});

it('rows that come one by one are written the same', async () => {
  async function* rows() {
    yield { name: 'Ann', n: 1 };
    yield { name: '=1', n: 2 };
  }
  const columns = [
    { key: 'name', header: 'Name' },
    { key: 'n', header: 'Number' },
  ];
  const whole = csvText(columns, [
    { name: 'Ann', n: 1 },
    { name: '=1', n: 2 },
  ]);
  expect(whole).toBe("\ufeffName,Number\nAnn,1\n'=1,2\n");
  // Reading as text takes the mark of UTF-8 away.
  expect(`\ufeff${await text(csvStream(columns, rows()))}`).toBe(whole);
});

it('rows that fail half-way break the file off', async () => {
  async function* rows() {
    yield { a: 1 };
    throw new Error('no more');
  }
  await expect(text(csvStream(['a'], rows()))).rejects.toThrow('no more');
  const body = new Response(csvDownload(['a'], rows(), 'a test'));
  await expect(body.text()).rejects.toThrow();
});

it('rows are no longer asked for once nobody reads', async () => {
  const givenUp = new Promise<void>((resolve) => {
    async function* rows() {
      try {
        for (;;) yield { a: 1 };
      } finally {
        resolve();
      }
    }
    const csv = csvStream(['a'], rows());
    csv.once('data', () => csv.destroy());
  });
  await givenUp;
});
