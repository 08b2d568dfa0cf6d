/** The isolation suite's report: what is written to `docs/trust` and kept in the database. */

export interface AttackClass {
  /** As the reference of attack classes names it, after its kind: `sql:`, `app:`, `cache:`, `job:`. */
  readonly name: string;
  /** Statements and requests walked. */
  readonly cases: number;
  /** Of those, how many held. */
  readonly held: number;
  readonly tried: readonly string[];
  /** What is told all the same, said honestly. */
  readonly told: readonly string[];
}

/** One table, asked one thing by one role under each context: what came back. */
export interface MatrixRow {
  readonly table: string;
  readonly role: string;
  readonly operation: string;
  readonly way: string;
  /** By context: `none`, `own`, `foreign`, `forged`. */
  readonly outcomes: Readonly<Record<string, string>>;
  readonly cases: number;
  readonly held: number;
}

/** One endpoint, and how many cases of each kind were sent to it. */
export interface EndpointRow {
  readonly endpoint: string;
  readonly cases: Readonly<Record<string, number>>;
  readonly held: number;
}

export interface Failure {
  readonly test: string;
  readonly class: string;
  readonly message: string;
}

export interface Where {
  /** `own`: made for the run · `server`: made on a server that was there · `given`: there before. */
  readonly database: 'own' | 'server' | 'given';
  readonly readOnly: boolean;
  readonly postgres: string;
  readonly node: string;
  /** Direct, behind a pooler, or in another's place by SET ROLE. */
  readonly ways: readonly string[];
  readonly halves: readonly string[];
}

export interface IsolationReport {
  readonly kind: 'isolation';
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly version: string;
  readonly commit: string | null;
  /** Of the sources that were looked at; not there when they changed meanwhile. */
  readonly sourcesDigest?: string;
  readonly where: Where;
  readonly passed: number;
  readonly failed: number;
  readonly classes: readonly AttackClass[];
  readonly matrix: readonly MatrixRow[];
  readonly endpoints: readonly EndpointRow[];
  readonly failures: readonly Failure[];
}

/** Names of the attachments that tests give the report. */
export const attachments = { matrix: 'matrix', endpoints: 'endpoints', place: 'place' } as const;

/** As it is kept in a file: a line to each class, row and failure, so that changes can be read. */
export function jsonOf(report: IsolationReport): string {
  const lines = Object.entries(report).map(([name, value]) => {
    if (!Array.isArray(value) || value.length === 0) return ` "${name}": ${JSON.stringify(value)}`;
    const entries = value.map((entry) => `  ${JSON.stringify(entry)}`);
    return ` "${name}": [\n${entries.join(',\n')}\n ]`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}
