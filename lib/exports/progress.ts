import { and, type ExportId, eq, type TenantContext, tenantDb } from '@/db';
import { tenantExports } from '@/db/schema';

/** Somebody cancelled it, or another worker was given it: nothing more is to be written. */
export class ExportEnded extends Error {
  override readonly name = 'ExportEnded';
}

/** It cannot be made, however often it is tried. The message is for whoever asked for it. */
export class ExportImpossible extends Error {
  override readonly name = 'ExportImpossible';
}

/** Milliseconds between two notes of how far it is. */
const noteEvery = 500;

/** How far an export is, written down as it goes, where whoever looks at its page sees it. */
export class Progress {
  readonly #context: TenantContext;
  readonly #id: ExportId;
  readonly #begunAt: Date;
  #done = 0;
  #phase = '';
  #notedAt = 0;

  /** @param begunAt as whoever took the export up wrote it down */
  constructor(context: TenantContext, id: ExportId, begunAt: Date) {
    this.#context = context;
    this.#id = id;
    this.#begunAt = begunAt;
  }

  get done(): number {
    return this.#done;
  }

  /** Begin another part of the work. @throws ExportEnded */
  async phase(phase: string): Promise<void> {
    this.#phase = phase;
    await this.#note({});
  }

  /** How many records there will be. @throws ExportEnded */
  total(records: number): Promise<void> {
    return this.#note({ recordsTotal: records });
  }

  /** Some more are written. @throws ExportEnded */
  async add(records: number): Promise<void> {
    this.#done += records;
    if (Date.now() - this.#notedAt >= noteEvery) await this.#note({});
  }

  async #note(more: { readonly recordsTotal?: number }): Promise<void> {
    this.#notedAt = Date.now();
    const noted = await tenantDb(this.#context)
      .update(tenantExports)
      .set({ phase: this.#phase, recordsDone: this.#done, ...more })
      .where(
        and(
          eq(tenantExports.tenantId, this.#context.tenantId),
          eq(tenantExports.id, this.#id),
          eq(tenantExports.state, 'running'),
          eq(tenantExports.startedAt, this.#begunAt),
        ),
      )
      .returning({ id: tenantExports.id });
    if (noted.length === 0) throw new ExportEnded('The export has ended.');
  }
}
