import { pipeline, Readable } from 'node:stream';
import { type Options, stringify } from 'csv-stringify';
import { stringify as stringifyNow } from 'csv-stringify/sync';
import { logger } from '@/lib/observability';

/**
 * Where a spreadsheet would begin to run a formula: at the start of a cell, and behind whatever might
 * part or end a cell where the reader's settings differ from ours, a quote between or not. Full-width
 * signs are taken for the others by some. OWASP, "CSV Injection".
 */
const formula = /^(?=[\t\r\n])|(?=[=+\-@＝＋－＠])(?<=^"*|[;,|\t\r\n]"*)/g;

/** Text that no spreadsheet runs: what would begin a formula has an apostrophe before it. */
const neutral = (text: string): string => text.replace(formula, "'");

/** A column by its key in a row, under a heading. */
export interface CsvColumn {
  readonly key: string;
  readonly header: string;
}

const optionsOf = (columns: readonly (string | CsvColumn)[]): Options => ({
  header: true,
  columns: [...columns],
  cast: { string: neutral },
  bom: true,
});

/**
 * Rows as CSV (RFC 4180, UTF-8) under a line of headings; what a spreadsheet would run is neutralised.
 * @param columns keys of a row, each under its own name or a heading
 */
export function csvText(columns: readonly (string | CsvColumn)[], rows: readonly object[]): string {
  return stringifyNow([...rows], optionsOf(columns));
}

/** The same, row by row as they come. A failure half-way is an error of the stream. */
export function csvStream(
  columns: readonly (string | CsvColumn)[],
  rows: AsyncIterable<object>,
): Readable {
  // Whoever reads it meets the error.
  return pipeline(Readable.from(rows), stringify(optionsOf(columns)), () => undefined);
}

/**
 * The same as the body of an answer. A failure half-way breaks the download off, so that a cut file is
 * not taken for a whole one, and is logged.
 * @param what of which it is, for the log: `a report`
 */
export function csvDownload(
  columns: readonly (string | CsvColumn)[],
  rows: AsyncIterable<object>,
  what: string,
): ReadableStream<Uint8Array> {
  const csv = csvStream(columns, rows);
  csv.once('error', (error) => logger.error({ err: error }, `The export of ${what} broke off`));
  return Readable.toWeb(csv) as ReadableStream<Uint8Array>;
}
