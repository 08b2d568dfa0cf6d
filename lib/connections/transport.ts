import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionId } from '@/db';
import { lossSignal } from '@/lib/jobs';
import {
  atOnce,
  budgetAnswer,
  type Demand,
  demandsOf,
  longestWaitSeconds,
  pauseBudget,
  RetryLater,
  slowBudget,
  takeBudget,
} from '@/lib/limits';
import { observeProviderCall } from '@/lib/observability';
import type { ProviderTransport, ProviderWay } from '@/lib/providers';
import type { ActingContext } from '@/lib/tenancy';
import { type CallScope, outcomeOf, recordCall } from './calls';
import { subjectToken } from './subject-tokens';
import { accessToken } from './tokens';

/** Milliseconds after which a call without an answer counts as lost. */
export const callTimeoutMs = 20_000;
/** Calls in all, for those that may be repeated. */
const attempts = 3;
/** Milliseconds before the second attempt; doubles with each further one. */
const backoffMs = 250;

export interface Door {
  readonly context: ActingContext;
  readonly connectionId: ConnectionId;
  readonly way: ProviderWay;
  readonly scope: CallScope;
  /** Moment, in milliseconds since the epoch, at which the last call must be over; read each time. */
  readonly deadline?: () => number | undefined;
  /** Mail address of the one person that the calls speak for, in an organisation's connection. */
  readonly subject?: string;
}

interface Call {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly init: RequestInit;
}

/** What an adapter's client reaches its provider through: see `providerClient`. */
export function transportOf(door: Door, scopes: readonly string[]): ProviderTransport {
  const token = (rejected?: string, claims?: string) =>
    accessToken({
      context: door.context,
      connectionId: door.connectionId,
      way: door.way,
      fetch: recordedFetch(door),
      rejected,
      claims,
    });
  const whole = { accessToken: token, fetch: budgetedFetch(door, token), scopes };
  if (door.way.form !== 'service_account') return whole;
  return { ...whole, subject: (address) => subjectTransport(door, scopes, address.toLowerCase()) };
}

/** The same connection, speaking for one of its people with a token and a budget of their own. */
function subjectTransport(
  whole: Door,
  scopes: readonly string[],
  subject: string,
): ProviderTransport {
  const door = { ...whole, subject };
  const { context, connectionId, way } = door;
  const token = (rejected?: string) =>
    subjectToken({ context, connectionId, way, fetch: recordedFetch(door), subject, rejected });
  return { accessToken: () => token(), fetch: budgetedFetch(door, token), scopes };
}

function readCall(input: Parameters<typeof fetch>[0], init: RequestInit = {}): Call {
  const request = input instanceof Request ? input : null;
  return {
    url: new URL(request ? request.url : input.toString()),
    method: (init.method ?? request?.method ?? 'GET').toUpperCase(),
    headers: new Headers(init.headers ?? request?.headers),
    init: { ...init, ...(request?.body && !init.body ? { body: request.body } : {}) },
  };
}

/**
 * A call that ends with the work that it belongs to. Those for tokens do not: what they bring is for
 * everybody, and one that can be used once is lost with its answer.
 */
function endingWithWork(call: Call): Call {
  const lost = lossSignal();
  if (!lost) return call;
  const { signal } = call.init;
  return {
    ...call,
    init: { ...call.init, signal: signal ? AbortSignal.any([signal, lost]) : lost },
  };
}

/** @throws RetryLater when there is no time left: nothing is sent that might outlive its attempt */
function patience({ deadline }: Door): number {
  const left = (deadline?.() ?? Number.POSITIVE_INFINITY) - Date.now();
  if (left <= 0) throw new RetryLater(1, 'The time for this attempt was over before it was sent');
  return Math.min(left, callTimeoutMs);
}

/** One call, on record whatever comes of it. */
async function send(door: Door, call: Call, attempt: number): Promise<Response> {
  const { context, connectionId, scope } = door;
  call.init.signal?.throwIfAborted();
  const createdAt = new Date();
  const started = performance.now();
  const record = (status: number | null) => {
    const milliseconds = performance.now() - started;
    const outcome = outcomeOf(status);
    observeProviderCall(door.way.provider, { outcome, seconds: milliseconds / 1_000 });
    return recordCall(context, {
      connectionId,
      ...scope,
      createdAt,
      method: call.method,
      host: call.url.host,
      path: call.url.pathname,
      status,
      outcome,
      durationMs: Math.round(milliseconds),
      attempt,
    });
  };
  const timeout = AbortSignal.timeout(patience(door));
  const signal = call.init.signal ? AbortSignal.any([call.init.signal, timeout]) : timeout;
  let response: Response;
  try {
    response = await fetch(call.url, {
      ...call.init,
      // Where a provider sends us on is nobody that the token, or a secret in the body, is for.
      redirect: 'manual',
      method: call.method,
      headers: call.headers,
      signal,
    });
  } catch (error) {
    await record(null);
    throw error;
  }
  await record(response.status);
  return response;
}

/** For the token endpoint: on record, without the budget and without a second try. */
export function recordedFetch(door: Door): typeof fetch {
  return (input, init) => send(door, readCall(input, init), 1);
}

function budgetedFetch(
  door: Door,
  token: (rejected: string, claims?: string) => Promise<string>,
): typeof fetch {
  const { context, connectionId, way } = door;
  return async (input, init) => {
    const call = endingWithWork(readCall(input, init));
    const demands = demandsOf(way.provider, {
      method: call.method,
      path: call.url.pathname,
      subject: door.subject,
      body: call.init.body,
    });
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      await takeBudget(context, connectionId, demands);
      const last = attempt >= attempts;
      let response: Response;
      try {
        response = await sendInTurn(door, call, attempt, demands);
      } catch (error) {
        const final = last || !mayRepeat(call) || error instanceof RetryLater;
        if (final || call.init.signal?.aborted) throw error;
        await delay(backoffMs * 2 ** (attempt - 1));
        continue;
      }
      if (response.status === 401 && !renewed && isReplayable(call)) {
        renewed = true;
        const claims = way.demandedClaims?.(response.headers) ?? undefined;
        call.headers.set('authorization', `Bearer ${await token(bearer(call), claims)}`);
      } else if (!(await shouldRepeat(door, call, response, demands)) || last) {
        return response;
      } else if (response.status >= 500) {
        await delay(backoffMs * 2 ** (attempt - 1));
      }
      await response.body?.cancel();
    }
  };
}

const bearer = (call: Call) => (call.headers.get('authorization') ?? '').replace(/^Bearer /i, '');

/** A body that can be sent a second time. */
function isReplayable({ init: { body } }: Call): boolean {
  return body === undefined || body === null || typeof body === 'string';
}

/** A call that changes nothing, or the same thing however often it is made (RFC 9110 §9.2.2). */
function mayRepeat(call: Call): boolean {
  return ['GET', 'HEAD', 'PUT', 'DELETE'].includes(call.method) && isReplayable(call);
}

/**
 * Whether to call again at once. A throttled call was not carried out, so that any may be repeated;
 * the pause is shared with all processes, and beyond a few seconds the engine comes back later.
 */
async function shouldRepeat(
  door: Door,
  call: Call,
  response: Response,
  [narrowest]: readonly Demand[],
): Promise<boolean> {
  const { context, connectionId } = door;
  const { pauseSeconds, slow } = await budgetAnswer(response);
  if (slow && narrowest) await slowBudget(context, connectionId, narrowest);
  if (pauseSeconds !== null && narrowest) {
    const seconds = await pauseBudget(context, connectionId, narrowest, pauseSeconds);
    const soon = seconds <= longestWaitSeconds;
    return soon && (response.status === 503 ? mayRepeat(call) : isReplayable(call));
  }
  return response.status >= 500 && mayRepeat(call);
}

/** Send a call when it is its turn, where the provider bounds how many may be under way at once. */
function sendInTurn(
  door: Door,
  call: Call,
  attempt: number,
  demands: readonly Demand[],
): Promise<Response> {
  const bounded = demands.find((demand) => demand.atOnce !== undefined);
  const key = `${door.context.tenantId}/${door.connectionId}/${bounded?.dimension}`;
  return atOnce(key, bounded?.atOnce, () => send(door, call, attempt));
}
