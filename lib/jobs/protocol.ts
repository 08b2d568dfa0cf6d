import { headerKeys, type Inngest, InngestCommHandler, type InngestFunction } from 'inngest';
import { z } from 'zod';
import { jsonOf, type Memo, type Operation, operations } from './operation';

/** One call of a function: find and execute what is next, or execute one planned step. */
export interface FunctionCall {
  /** Unique; functions see it as `ctx.jobId`. */
  readonly callId: string;
  readonly functionId: string;
  readonly runId: string;
  /** Hash of the planned step to execute; undefined to go on where the memos end. */
  readonly stepId: string | undefined;
  /** The event as JSON. */
  readonly event: string;
  /** By step hash, in order of completion. */
  readonly memos: ReadonlyMap<string, Memo>;
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Other steps are under way: plan what is found instead of executing it. */
  readonly parallel: boolean;
}

export type Answer =
  | { readonly type: 'done'; readonly output: string }
  | {
      readonly type: 'steps';
      readonly operations: readonly Operation[];
      readonly retryAfter: string | undefined;
    }
  | {
      readonly type: 'failed';
      /** The error as JSON. */
      readonly error: string;
      readonly final: boolean;
      readonly retryAfter: string | undefined;
    };

interface WireRequest {
  readonly method: 'POST' | 'PUT';
  readonly url: URL;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The way in which the engine speaks to the functions. */
export interface Wire {
  /** Every function's configuration, failure handlers included, as it would be told to Inngest. */
  configurations(): Promise<readonly unknown[]>;
  call(call: FunctionCall): Promise<Answer>;
}

const ADDRESS = 'http://localhost/api/inngest';
/** The protocol version that the SDK answers with. */
const VERSION = 2;

/** How long one call goes on from step to step before the engine may give others their turn. */
const TURN_MS = 1_000;

function requestBody(call: FunctionCall): string {
  const steps = [...call.memos].map(
    ([id, { kind, json }]) => `${jsonOf(id)}:{"type":"${kind}","${kind}":${json}}`,
  );
  const ctx = {
    run_id: call.runId,
    // Both switch checkpoints on: the function goes on after a step once the engine has kept it.
    ...(call.parallel ? {} : { fn_id: call.functionId, qi_id: call.callId }),
    attempt: call.attempt,
    max_attempts: call.maxAttempts,
    disable_immediate_execution: call.parallel,
    use_api: false,
    stack: { stack: [...call.memos.keys()], current: call.memos.size },
  };
  return `{"version":${VERSION},"event":${call.event},"events":[${call.event}],"steps":{${steps.join(',')}},"use_api":false,"ctx":${jsonOf(ctx)}}`;
}

const withoutSdk: Answer = {
  type: 'failed',
  error: jsonOf({ name: 'TransportError', message: 'The function did not answer.' }),
  final: false,
  retryAfter: undefined,
};

const overdue: Answer = {
  ...withoutSdk,
  error: jsonOf({ name: 'TimeoutError', message: 'The step took too long.' }),
};

/** The answer, or the news that it is overdue; what the function does afterwards counts no more. */
async function within(limitMs: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve(overdue), limitMs);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function readAnswer({ status, headers: raw, body }: WireResponse): Answer {
  const headers = new Headers(raw);
  if (!headers.has(headerKeys.SdkVersion)) return withoutSdk;
  const retryAfter = headers.get(headerKeys.RetryAfter) ?? undefined;
  if (status === 200) return { type: 'done', output: body };
  if (status === 206) {
    return { type: 'steps', operations: operations.parse(JSON.parse(body)), retryAfter };
  }
  const final = status === 400 || headers.get(headerKeys.NoRetry) === 'true';
  return { type: 'failed', error: body, final, retryAfter };
}

/**
 * Speak to functions in this process through the SDK's own request handler, without HTTP.
 * @param client the client the functions were defined with
 * @param limitMs longest time for one step
 */
export function openWire(
  client: Inngest.Any,
  functions: readonly InngestFunction.Any[],
  limitMs: number,
): Wire {
  const handler = new InngestCommHandler<[WireRequest], WireResponse>({
    frameworkName: 'tenantry',
    client,
    functions,
    defaultMaxRuntime: TURN_MS,
    handler: (request) => ({
      body: () => request.body,
      headers: (key) => request.headers[key.toLowerCase()],
      method: () => request.method,
      url: () => request.url,
      transformResponse: ({ status, headers, body }) => ({ status, headers, body }),
    }),
  }).createHandler();

  return {
    async configurations() {
      const url = new URL(ADDRESS);
      const headers = { host: url.host, [headerKeys.InngestSyncKind.toLowerCase()]: 'in_band' };
      const body = jsonOf({ url: ADDRESS });
      const response = await handler({ method: 'PUT', url, headers, body });
      if (response.status !== 200) throw new Error(`The functions do not load: ${response.body}`);
      return z.object({ functions: z.array(z.unknown()) }).parse(JSON.parse(response.body))
        .functions;
    },

    async call(call) {
      const url = new URL(ADDRESS);
      url.searchParams.set('fnId', call.functionId);
      url.searchParams.set('stepId', call.stepId ?? 'step');
      const headers = {
        host: url.host,
        [headerKeys.InngestJobId.toLowerCase()]: call.callId,
        [headerKeys.RequestVersion.toLowerCase()]: String(VERSION),
      };
      const response = handler({ method: 'POST', url, headers, body: requestBody(call) });
      return within(limitMs, response.then(readAnswer));
    },
  };
}
