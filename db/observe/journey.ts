import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { env } from '@/lib/env';
import type { ServingRole } from '../schema/roles';
import type { WireValue } from '../wire/parameters';
import { type Asker, isLawful } from './asker';
import type { QueryShape } from './shape';

/** A query that a journey through the product has run, as the plans' test reads it back. */
export interface JourneyQuery {
  readonly fingerprint: string;
  readonly role: ServingRole;
  /** As it was sent. */
  readonly sql: string;
  /** What its parameters were the first time, as text. */
  readonly values: readonly (string | null)[];
  readonly tenantId: string | null;
  readonly unbound: readonly string[];
  /** Whether it reaches into several tenants with a reason that stands in the code. */
  readonly lawful: boolean;
}

interface Sent {
  readonly sql: string;
  readonly values: readonly WireValue[];
  readonly failed: boolean;
}

/** Writes down each query the first time that it runs; one file per process. */
export interface Journey {
  note(asker: Asker, shape: QueryShape, sent: Sent): void;
}

/**
 * The journey that is being recorded, if `QUERY_JOURNEY` names a directory for it. For tests: the
 * record has parameters in it, which is why a production start refuses the setting.
 */
export function openJourney(): Journey | undefined {
  const directory = env.QUERY_JOURNEY;
  if (!directory || env.TENANTRY_MODE === 'production') return undefined;
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${process.pid}.jsonl`);
  const noted = new Set<string>();
  return {
    note(asker, shape, { sql, values, failed }) {
      const { fingerprint, unbound } = shape;
      const lawful = isLawful(asker, shape);
      const once = `${fingerprint} ${lawful}`;
      if (failed || noted.has(once)) return;
      noted.add(once);
      const query: JourneyQuery = {
        fingerprint,
        role: asker.role,
        sql,
        values: values.map((value) =>
          Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value,
        ),
        tenantId: asker.tenantId ?? null,
        unbound,
        lawful,
      };
      appendFileSync(file, `${JSON.stringify(query)}\n`);
    },
  };
}
