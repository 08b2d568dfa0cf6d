import type { z } from 'zod';
import type { StaffRole } from '@/db/schema';
import { PublicError, problemResponse, toPublicError } from '@/lib/errors';
import { logFailure, observeRequest } from '@/lib/observability';
import type { MemberContext, Permission } from '@/lib/tenancy';
import { type Asked, idsIn } from './asked';
import { recordRefusal, requireMember, requireStaff, type StaffContext } from './caller';
import { declareEndpoint, type Endpoint, type EndpointShape } from './endpoint';
import { refusedHead, withoutBody } from './head';
import { parseInput, queryObject, readJson } from './input';
import { factsOf, type RequestFacts } from './request';

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

interface RouteInput<Params, Query, Body> {
  readonly params: Output<Params>;
  readonly query: Output<Query>;
  readonly body: Output<Body>;
  readonly request: Request;
  readonly facts: RequestFacts;
}

interface RouteSchemas<Params, Query, Body> {
  /** Schema of the dynamic path segments. */
  readonly params?: Params;
  /** Schema of the query string. */
  readonly query?: Query;
  /** Schema of the JSON body. */
  readonly body?: Body;
}

interface RouteArguments {
  readonly params: Promise<Record<string, string | string[]>>;
}
export type RouteHandler = (request: Request, route: RouteArguments) => Promise<Response>;

type Optional = z.ZodType | undefined;

/** Browsers say where a request came from; one that changes something must come from our pages. */
function refuseForeignOrigin(request: Request): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') {
    throw new PublicError(
      'forbidden',
      'This request came from another site and was not carried out.',
    );
  }
}

async function readInput(
  schemas: RouteSchemas<Optional, Optional, Optional>,
  request: Request,
  route: RouteArguments,
) {
  const query = queryObject(new URL(request.url).searchParams);
  return {
    params: schemas.params && parseInput(schemas.params, await route.params),
    query: schemas.query && parseInput(schemas.query, query),
    body: schemas.body && parseInput(schemas.body, await readJson(request)),
  };
}

/** The ids in a request's address. */
async function askedBy(request: Request, route: RouteArguments): Promise<Asked> {
  const query = queryObject(new URL(request.url).searchParams);
  return { form: 'route', ids: idsIn({ ...query, ...(await route.params) }) };
}

function toResponse(answer: unknown, requestId: string): Response {
  if (!(answer instanceof Response)) {
    const headers = { 'cache-control': 'no-store', 'x-request-id': requestId };
    return Response.json(answer, { headers });
  }
  // The headers of a redirect cannot be changed in place.
  const headers = new Headers(answer.headers);
  headers.set('x-request-id', requestId);
  return new Response(answer.body, { status: answer.status, headers });
}

/** Somebody followed a link, rather than a script of ours asking for data. */
function isNavigation(request: Request): boolean {
  return request.method === 'GET' && request.headers.get('sec-fetch-mode') === 'navigate';
}

/**
 * To the sign-in, or to where a code is asked for: a session can end while one is on a provider's
 * page. Without a way back, since an address of the API is no page, and a provider's answer in it is
 * not to be passed on.
 */
function leadTo(location: '/sign-in' | '/second-factor'): Response {
  const headers = { location, 'cache-control': 'no-store' };
  return new Response(null, { status: 303, headers });
}

/** Shared by all three audiences: input, errors as problem details, request id, log and metrics. */
export function declareRoute<Caller>(
  endpoint: Endpoint,
  schemas: RouteSchemas<Optional, Optional, Optional>,
  caller: (asked: Asked) => Promise<Caller>,
  handle: (caller: Caller, input: RouteInput<Optional, Optional, Optional>) => Promise<unknown>,
): RouteHandler {
  const handler: RouteHandler = async (request, route) => {
    const facts = factsOf(request.headers);
    const asked = await askedBy(request, route);
    return observeRequest(facts, async () => {
      try {
        refuseForeignOrigin(request);
        const who = await caller(asked);
        // Not before: an endpoint that somebody may not know of does not tell that it is there.
        const refused = refusedHead(endpoint, request, facts.requestId);
        if (refused) return refused;
        const input = await readInput(schemas, request, route);
        const answer = await handle(who, { ...input, request, facts } as never);
        const response = toResponse(answer, facts.requestId);
        return request.method === 'HEAD' ? await withoutBody(response) : response;
      } catch (thrown) {
        const error = toPublicError(thrown);
        logFailure(error);
        if (endpoint.audience === 'tenant') await recordRefusal(error, facts, asked);
        if (isNavigation(request)) {
          if (error.code === 'unauthenticated') return leadTo('/sign-in');
          if (error.code === 'second_factor_required') return leadTo('/second-factor');
        }
        return problemResponse(error, facts.requestId);
      }
    });
  };
  return declareEndpoint(handler, endpoint);
}

const shapeOf = (schemas: RouteSchemas<Optional, Optional, Optional>): EndpointShape => ({
  form: 'route',
  ...(schemas.params ? { params: schemas.params } : {}),
  ...(schemas.query ? { query: schemas.query } : {}),
  ...(schemas.body ? { body: schemas.body } : {}),
});

/**
 * A route handler for members. The tenant comes from the session alone.
 * @param options the permission needed, and zod schemas of what is sent
 * @param handle gets the member's context and the parsed input; gives a Response, or data for JSON
 */
export function tenantRoute<
  Params extends Optional = undefined,
  Query extends Optional = undefined,
  Body extends Optional = undefined,
>(
  options: { readonly permission: Permission } & RouteSchemas<Params, Query, Body>,
  handle: (
    input: RouteInput<Params, Query, Body> & { readonly context: MemberContext },
  ) => Promise<unknown>,
): RouteHandler {
  return declareRoute(
    { audience: 'tenant', permission: options.permission, shape: shapeOf(options) },
    options,
    (asked) => requireMember(options.permission, asked),
    (context, input) => handle({ ...(input as never as RouteInput<Params, Query, Body>), context }),
  );
}

/** A route handler for staff; to everybody else it does not exist. */
export function staffRoute<
  Params extends Optional = undefined,
  Query extends Optional = undefined,
  Body extends Optional = undefined,
>(
  options: { readonly role: StaffRole } & RouteSchemas<Params, Query, Body>,
  handle: (
    input: RouteInput<Params, Query, Body> & { readonly staff: StaffContext },
  ) => Promise<unknown>,
): RouteHandler {
  return declareRoute(
    { audience: 'staff', role: options.role, shape: shapeOf(options) },
    options,
    (asked) => requireStaff(options.role, asked),
    (staff, input) => handle({ ...(input as never as RouteInput<Params, Query, Body>), staff }),
  );
}

/**
 * A route handler for anybody: it must give away nothing of any tenant.
 * @param options zod schemas of what is sent; `head: 'refused'` where GET may be carried out once only
 */
export function publicRoute<
  Params extends Optional = undefined,
  Query extends Optional = undefined,
  Body extends Optional = undefined,
>(
  options: { readonly head?: 'refused' } & RouteSchemas<Params, Query, Body>,
  handle: (input: RouteInput<Params, Query, Body>) => Promise<unknown>,
): RouteHandler {
  return declareRoute(
    {
      audience: 'public',
      ...(options.head ? { head: options.head } : {}),
      shape: shapeOf(options),
    },
    options,
    async () => undefined,
    (_nobody, input) => handle(input as never as RouteInput<Params, Query, Body>),
  );
}
