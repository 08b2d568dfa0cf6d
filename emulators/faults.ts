import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const pathSchema = z.string().regex(/^[/*]/);

/** What may go wrong, for which requests, and how often. */
export const faultSchema = z.strictObject({
  method: z.string().toUpperCase().optional(),
  /** Path or paths, `*` standing for any characters; without it every path. */
  path: z.union([pathSchema, z.array(pathSchema).min(1)]).optional(),
  /** The account that asks: a mail address, or an organisation's id. */
  account: z.string().optional(),
  /** Let so many matching requests through first. */
  skip: z.int().min(0).default(0),
  /** Then fail so many; without it until cleared. */
  times: z.int().min(1).optional(),
  /** `after`: the request takes effect and only its answer is spoilt. */
  when: z.enum(['before', 'after']).default('before'),
  /** Milliseconds before anything else happens, or until the faults are cleared. */
  delay: z.int().min(0).optional(),
  /** Cut the connection instead of answering. */
  reset: z.boolean().default(false),
  /** Send the body in pieces of so many bytes, with so many milliseconds before each. */
  drip: z.strictObject({ bytes: z.int().min(1).default(1), every: z.int().min(1) }).optional(),
  status: z.int().min(200).max(599).optional(),
  /** Seconds for the Retry-After header (RFC 9110 §10.2.3), and the form they are said in. */
  retryAfter: z.int().min(0).optional(),
  retryAfterAs: z.enum(['seconds', 'date']).default('seconds'),
  /** Without a status or a body they are added to the real answer. */
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
  /** Of a named fault. */
  readonly name: string | null;
  readonly fault: Fault;
  readonly path: readonly RegExp[] | null;
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
  readonly #delayed = new Set<() => void>();

  /**
   * Set a fault; a named one takes the place of the same for the same account.
   * @returns its id @throws ZodError when it makes no sense
   */
  add(input: FaultInput, name: string | null = null): string {
    const fault = faultSchema.parse(input);
    const id = randomUUID();
    const path = fault.path === undefined ? null : [fault.path].flat().map(pathPattern);
    if (name !== null) {
      this.#armed = this.#armed.filter(
        (one) => one.name !== name || one.fault.account !== fault.account,
      );
    }
    this.#armed.push({ id, name, fault, path, seen: 0, fired: 0 });
    return id;
  }

  /** The first fault due for this request; counts it as fired. */
  take(target: FaultTarget): Fault | null {
    const armed = this.#armed.find((one) => this.#due(one, target));
    if (!armed) return null;
    armed.fired += 1;
    return armed.fault;
  }

  list(): readonly { id: string; name: string | null; fired: number; fault: Fault }[] {
    return this.#armed.map(({ id, name, fired, fault }) => ({ id, name, fired, fault }));
  }

  /** Hold a request for a fault's delay, or until the faults are cleared. */
  hold(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#delayed.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#delayed.add(end);
    });
  }

  /** Forget all faults, and let go on what a delay holds. */
  clear(): void {
    this.#armed = [];
    for (const end of this.#delayed) end();
  }

  #due(armed: ArmedFault, { method, path, account }: FaultTarget): boolean {
    const { fault } = armed;
    if (fault.method !== undefined && fault.method !== method) return false;
    if (armed.path && !armed.path.some((each) => each.test(path))) return false;
    if (fault.account !== undefined && fault.account !== account) return false;
    armed.seen += 1;
    return armed.seen > fault.skip && armed.fired < (fault.times ?? Number.POSITIVE_INFINITY);
  }
}

function headersOf({ headers, retryAfter, retryAfterAs }: Fault): Record<string, string> {
  if (retryAfter === undefined) return headers;
  const date = new Date(Date.now() + retryAfter * 1_000).toUTCString();
  return { 'retry-after': retryAfterAs === 'date' ? date : String(retryAfter), ...headers };
}

/** The answer that a fault gives instead of the real one, or null when it leaves that as it is. */
export function faultAnswer(fault: Fault): Response | null {
  const { status, body } = fault;
  if (status === undefined && body === undefined) return null;
  const text = typeof body === 'string';
  const type = text ? 'text/html; charset=utf-8' : 'application/json; charset=UTF-8';
  return new Response(text ? body : JSON.stringify(body ?? {}), {
    status: status ?? 200,
    headers: { 'content-type': type, ...headersOf(fault) },
  });
}

/** The real answer with the headers that a fault adds to it. */
export function decorated(answer: Response, fault: Fault): Response {
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(headersOf(fault))) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}
