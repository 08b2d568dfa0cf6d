import { Cron } from 'croner';
import { z } from 'zod';
import { durationMs } from './duration';
import { UnsupportedFunctionError } from './errors';
import { type EventPath, parseEquality, parseMatch, parsePath } from './expression';

/** What the engine has to know of a function, read from what the SDK would tell Inngest. */
export interface FunctionPlan {
  readonly id: string;
  readonly triggers: readonly EventTrigger[];
  readonly crons: readonly string[];
  /** Retries plus one. */
  readonly maxAttempts: number;
  readonly concurrency: {
    readonly total: number | null;
    readonly perKey: { readonly limit: number; readonly path: EventPath } | null;
  };
  readonly throttle: ThrottlePlan | undefined;
  readonly cancelOn: readonly CancelRule[];
  readonly idempotency: EventPath | undefined;
}

export interface EventTrigger {
  readonly event: string;
  readonly only: { readonly path: EventPath; readonly value: string } | undefined;
}

export interface ThrottlePlan {
  readonly intervalMs: number;
  readonly burst: number;
  readonly path: EventPath | undefined;
}

export interface CancelRule {
  readonly event: string;
  /** Where the run's own event and the cancelling one must agree; undefined: always. */
  readonly match: { readonly first: EventPath; readonly later: EventPath } | undefined;
}

/** Retries that Inngest gives a function which does not say. */
const DEFAULT_RETRIES = 3;

const count = z.number().int().min(0);
const concurrencyOption = z.strictObject({
  limit: count,
  key: z.string().optional(),
  scope: z.literal('fn').optional(),
});

/** The whole list of what is understood: anything beside it is refused. */
const functionConfig = z.strictObject({
  id: z.string(),
  name: z.string().optional(),
  triggers: z.array(
    z.union([
      z.strictObject({ event: z.string(), expression: z.string().optional() }),
      z.strictObject({ cron: z.string() }),
    ]),
  ),
  steps: z.strictObject({
    step: z.looseObject({
      retries: z.strictObject({ attempts: count.max(20).optional() }).optional(),
    }),
  }),
  idempotency: z.string().optional(),
  throttle: z
    .strictObject({
      limit: count.min(1),
      period: z.string(),
      burst: count.min(1).optional(),
      key: z.string().optional(),
    })
    .optional(),
  concurrency: z.union([count, concurrencyOption, z.array(concurrencyOption)]).optional(),
  cancel: z.array(z.strictObject({ event: z.string(), if: z.string().optional() })).optional(),
});
type FunctionConfig = z.output<typeof functionConfig>;

const onlyPlainPaths = 'it reads plain paths such as "event.data.tenantId" only.';

function requirePath(id: string, option: string, expression: string): EventPath {
  const found = parsePath(expression);
  if (!found) throw new UnsupportedFunctionError(id, option, onlyPlainPaths);
  return found;
}

function eventName(id: string, option: string, name: string): string {
  if (name.includes('*')) {
    throw new UnsupportedFunctionError(id, option, 'it knows events by their whole name only.');
  }
  if (name.startsWith('inngest/') && name !== 'inngest/function.failed') {
    throw new UnsupportedFunctionError(id, option, `it does not send "${name}".`);
  }
  return name;
}

function readTriggers(config: FunctionConfig): readonly EventTrigger[] {
  return config.triggers.flatMap((trigger): EventTrigger[] => {
    if (!('event' in trigger)) return [];
    const event = eventName(config.id, 'triggers.event', trigger.event);
    if (trigger.expression === undefined) return [{ event, only: undefined }];
    const only = parseEquality(trigger.expression);
    if (!only) {
      const reason = `it compares one path with one text only, as in "event.data.kind == 'x'".`;
      throw new UnsupportedFunctionError(config.id, 'triggers.if', reason);
    }
    return [{ event, only }];
  });
}

function readCrons(config: FunctionConfig): readonly string[] {
  const crons = config.triggers.flatMap((trigger) => ('cron' in trigger ? [trigger.cron] : []));
  for (const expression of crons) {
    try {
      nextCronTime(expression, new Date());
    } catch (error) {
      throw new UnsupportedFunctionError(
        config.id,
        'triggers.cron',
        `"${expression}" is no schedule (${error instanceof Error ? error.message : error}).`,
      );
    }
  }
  return crons;
}

/**
 * When a schedule fires next.
 * @param expression five fields, with `TZ=Area/City ` in front for another zone than UTC
 * @throws Error when it is malformed or never fires
 */
export function nextCronTime(expression: string, after: Date): Date {
  const [, timezone = 'UTC', fields = expression] = /^TZ=(\S+)\s+(.+)$/.exec(expression) ?? [];
  const next = new Cron(fields, { timezone, mode: '5-part' }).nextRun(after);
  if (!next) throw new Error('it never fires');
  return next;
}

function readConcurrency(config: FunctionConfig): FunctionPlan['concurrency'] {
  const given = config.concurrency ?? [];
  const options = (Array.isArray(given) ? given : [given]).map((option) =>
    typeof option === 'number' ? { limit: option, key: undefined } : option,
  );
  const keyed = options.filter(({ key }) => key !== undefined);
  const plain = options.filter(({ key }) => key === undefined);
  if (keyed.length > 1 || plain.length > 1) {
    const reason = 'it takes one limit with a key and one without.';
    throw new UnsupportedFunctionError(config.id, 'concurrency', reason);
  }
  // A limit of 0 is no limit, as in Inngest.
  const total = plain[0]?.limit || null;
  const [first] = keyed;
  if (first?.key === undefined) return { total, perKey: null };
  const path = requirePath(config.id, 'concurrency.key', first.key);
  return { total, perKey: first.limit === 0 ? null : { limit: first.limit, path } };
}

function readThrottle({ id, throttle }: FunctionConfig): ThrottlePlan | undefined {
  if (!throttle) return undefined;
  const period = durationMs(throttle.period);
  if (period === undefined || period === 0) {
    throw new UnsupportedFunctionError(id, 'throttle.period', 'it is no length of time.');
  }
  const path =
    throttle.key === undefined ? undefined : requirePath(id, 'throttle.key', throttle.key);
  return { intervalMs: period / throttle.limit, burst: throttle.burst ?? 1, path };
}

function readCancelRules(config: FunctionConfig): readonly CancelRule[] {
  return (config.cancel ?? []).map((rule) => {
    const event = eventName(config.id, 'cancelOn.event', rule.event);
    if (rule.if === undefined) return { event, match: undefined };
    const match = parseMatch(rule.if);
    if (match) return { event, match };
    const reason = 'it compares a path in both events only, as "match" does.';
    throw new UnsupportedFunctionError(config.id, 'cancelOn.if', reason);
  });
}

function parseConfig(raw: unknown): FunctionConfig {
  const parsed = functionConfig.safeParse(raw);
  if (parsed.success) return parsed.data;
  const id = z.object({ id: z.string() }).safeParse(raw).data?.id ?? 'without an id';
  const issue = parsed.error.issues[0];
  const keys = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const option = [...(issue?.path ?? []), ...keys.slice(0, 1)].join('.');
  throw new UnsupportedFunctionError(id, option, 'it is not among what the engine understands.');
}

/**
 * Read one function's configuration as the SDK reports it in an in-band sync.
 * @throws UnsupportedFunctionError naming the function and what it asks for in vain
 */
export function readPlan(raw: unknown): FunctionPlan {
  const config = parseConfig(raw);
  return {
    id: config.id,
    triggers: readTriggers(config),
    crons: readCrons(config),
    maxAttempts: (config.steps.step.retries?.attempts ?? DEFAULT_RETRIES) + 1,
    concurrency: readConcurrency(config),
    throttle: readThrottle(config),
    cancelOn: readCancelRules(config),
    idempotency:
      config.idempotency === undefined
        ? undefined
        : requirePath(config.id, 'idempotency', config.idempotency),
  };
}
