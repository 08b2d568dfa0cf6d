import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { type TenantContext, type TenantTransaction, withTenant } from '@/db';
import { readme } from './archive-readme';
import type { Progress } from './progress';
import { type ExportedTable, inventory } from './tables';

/** Version of the format; raised when a reader of the one before would go wrong. */
const version = 1;

interface Entry {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly records?: number;
}

/** An archive that is written as its entries come, one after another. */
class ArchiveWriter {
  readonly #zip = new ZipFile();
  /** Whoever takes the archive has gone. */
  readonly #gone = new AbortController();
  readonly entries: Entry[] = [];

  constructor() {
    // What broke is told by the entry that it broke in.
    this.#zip.on('error', () => {});
    this.output.once('close', () => this.#gone.abort());
  }

  get output(): Readable {
    return this.#zip.outputStream as Readable;
  }

  /** Write one file; resolves once all of it went into the archive. */
  async file(path: string, content: AsyncIterable<string>): Promise<void> {
    const hash = createHash('sha256');
    let bytes = 0;
    let records = 0;
    async function* noted() {
      for await (const text of content) {
        const chunk = Buffer.from(text);
        hash.update(chunk);
        bytes += chunk.length;
        for (const byte of chunk) if (byte === 10) records += 1;
        yield chunk;
      }
    }
    const through = new PassThrough();
    this.#zip.addReadStream(through, path, { compress: true });
    await pipeline(Readable.from(noted()), through, { signal: this.#gone.signal });
    const lines = path.endsWith('.jsonl') ? { records } : {};
    this.entries.push({ path, bytes, sha256: hash.digest('hex'), ...lines });
  }

  text(path: string, text: string): Promise<void> {
    return this.file(path, Readable.from([text]));
  }

  end(): void {
    this.#zip.end();
  }

  break(error: Error): void {
    this.output.destroy(error);
  }
}

async function* linesOf(
  tx: TenantTransaction,
  context: TenantContext,
  table: ExportedTable,
  progress: Progress,
): AsyncGenerator<string> {
  for await (const lines of table.lines(tx, context)) {
    yield `${lines.join('\n')}\n`;
    await progress.add(lines.length);
  }
}

async function countAll(tx: TenantTransaction, tables: readonly ExportedTable[]): Promise<number> {
  let records = 0;
  for (const table of tables) records += await table.count(tx);
  return records;
}

/** What else goes into the archive, beside the tables. */
export type Enclose = (
  add: (path: string, content: AsyncIterable<string>) => Promise<void>,
) => Promise<void>;

interface Made {
  readonly context: TenantContext;
  readonly exportId: string;
  readonly progress: Progress;
  readonly enclose: Enclose;
}

async function write(
  archive: ArchiveWriter,
  { context, exportId, progress, enclose }: Made,
): Promise<void> {
  const { tables, leftOut } = inventory();
  const madeAt = new Date().toISOString();
  await archive.text('README.txt', readme);
  await withTenant(
    context,
    async (tx) => {
      await progress.phase('Counting records');
      await progress.total(await countAll(tx, tables));
      for (const table of tables) {
        await progress.phase(`Writing ${table.name}`);
        await archive.file(`tables/${table.name}.jsonl`, linesOf(tx, context, table, progress));
      }
    },
    // All tables as they were at one moment.
    { isolation: 'repeatable read', readOnly: true },
  );
  await progress.phase('Adding files');
  await enclose((path, content) => archive.file(path, content));
  const manifest = {
    format: 'tenantry-export',
    version,
    export: exportId,
    tenant: context.tenantId,
    madeAt,
    tables: tables.map(({ name, columns }) => ({ name, path: `tables/${name}.jsonl`, columns })),
    leftOut,
    files: archive.entries,
  };
  await archive.text('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  archive.end();
}

/** Everything of an organisation as a zip archive, written as it is read. */
export function tenantArchive(made: Made): Readable {
  const archive = new ArchiveWriter();
  write(archive, made).catch((error) => archive.break(error));
  return archive.output;
}
