import { randomUUID } from 'node:crypto';
import { z } from 'zod';

/** What may go wrong, for which requests, and how often. */
export const faultSchema = z.strictObject({
  method: z.string().toUpperCase().optional(),
  /** Path, `*` standing for any characters; without it every path. */
  path: z.string().regex(/^[/*]/).optional(),
  /** Mail address of the account that asks. */
  account: z.string().optional(),
  /** Let so many matching requests through first. */
  skip: z.int().min(0).default(0),
  /** Then fail so many; without it until cleared. */
  times: z.int().min(1).optional(),
  /** `after`: the request takes effect and only its answer is spoilt. */
  when: z.enum(['before', 'after']).default('before'),
  /** Milliseconds before anything else happens. */
  delay: z.int().min(0).optional(),
  /** Cut the connection instead of answering. */
  reset: z.boolean().default(false),
  status: z.int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** A string is sent as it is (as HTML unless `headers` say otherwise), the rest as JSON. */
  body: z.unknown().optional(),
});
export type Fault = z.output<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly account: string | null;
}

interface ArmedFault {
  readonly id: string;
  readonly fault: Fault;
  readonly path: RegExp | null;
  seen: number;
  fired: number;
}

function pathPattern(path: string): RegExp {
  const literal = path.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`);
}

/** The faults that are set, in the order in which they were. */
export class Faults {
  #armed: ArmedFault[] = [];

  /** Set a fault; returns its id. @throws ZodError when it makes no sense */
  add(input: FaultInput): string {
    const fault = faultSchema.parse(input);
    const id = randomUUID();
    const path = fault.path === undefined ? null : pathPattern(fault.path);
    this.#armed.push({ id, fault, path, seen: 0, fired: 0 });
    return id;
  }

  /** The first fault due for this request; counts it as fired. */
  take(target: FaultTarget): Fault | null {
    const armed = this.#armed.find((one) => this.#due(one, target));
    if (!armed) return null;
    armed.fired += 1;
    return armed.fault;
  }

  list(): readonly { id: string; fired: number; fault: Fault }[] {
    return this.#armed.map(({ id, fired, fault }) => ({ id, fired, fault }));
  }

  clear(): void {
    this.#armed = [];
  }

  #due(armed: ArmedFault, { method, path, account }: FaultTarget): boolean {
    const { fault } = armed;
    if (fault.method !== undefined && fault.method !== method) return false;
    if (armed.path && !armed.path.test(path)) return false;
    if (fault.account !== undefined && fault.account !== account) return false;
    armed.seen += 1;
    return armed.seen > fault.skip && armed.fired < (fault.times ?? Number.POSITIVE_INFINITY);
  }
}

/** The answer that a fault gives instead of the real one, or null when it only delays. */
export function faultAnswer({ status, headers, body }: Fault): Response | null {
  if (status === undefined && body === undefined) return null;
  const text = typeof body === 'string';
  const type = text ? 'text/html; charset=utf-8' : 'application/json; charset=UTF-8';
  return new Response(text ? body : JSON.stringify(body ?? {}), {
    status: status ?? 200,
    headers: { 'content-type': type, ...headers },
  });
}
