import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import type { StaffRole } from '@/db/schema';
import { type ActionResult, publicShape, toPublicError } from '@/lib/errors';
import { logFailure, observeRequest } from '@/lib/observability';
import type { MemberContext, Permission } from '@/lib/tenancy';
import { type Asked, idsIn } from './asked';
import { recordRefusal, requireMember, requireStaff, type StaffContext } from './caller';
import { declareEndpoint, type Endpoint, type EndpointShape } from './endpoint';
import { parseInput } from './input';
import { type RequestFacts, requestFacts } from './request';

/** What every action says of itself. */
interface ActionOptions<Schema> {
  /** As it stands on the record of denials: the place, a dot, and what is done, `runs.cancel`. */
  readonly name: string;
  readonly input: Schema;
}

const shapeOf = ({ name, input }: ActionOptions<z.ZodType>): EndpointShape => ({
  form: 'action',
  name,
  body: input,
});

export type Action<Input, Data> = (input: Input) => Promise<ActionResult<Data>>;

function declareAction<Caller, Schema extends z.ZodType, Data>(
  endpoint: Endpoint,
  schema: Schema,
  caller: (asked: Asked) => Promise<Caller>,
  handle: (caller: Caller, input: z.output<Schema>, facts: RequestFacts) => Promise<Data>,
): Action<z.input<Schema>, Data> {
  const action = async (input: z.input<Schema>): Promise<ActionResult<Data>> => {
    const facts = { ...(await requestFacts()), method: 'ACTION' };
    const asked: Asked = { form: 'action', name: endpoint.shape.name ?? '', ids: idsIn(input) };
    return observeRequest(facts, async (): Promise<ActionResult<Data>> => {
      try {
        const who = await caller(asked);
        return { ok: true, data: await handle(who, parseInput(schema, input), facts) };
      } catch (thrown) {
        // redirect() and notFound() travel as exceptions of the framework.
        unstable_rethrow(thrown);
        const error = toPublicError(thrown);
        logFailure(error);
        if (endpoint.audience !== 'staff') await recordRefusal(error, facts, asked);
        return { ok: false, error: publicShape(error, facts.requestId) };
      }
    });
  };
  return declareEndpoint(action, endpoint);
}

/**
 * A server action for members.
 * @param options its name, the permission needed and the schema of the input
 * @returns an action that answers `{ok: true, data}` or `{ok: false, error}` and never throws
 */
export function tenantAction<Schema extends z.ZodType, Data>(
  options: { readonly permission: Permission } & ActionOptions<Schema>,
  handle: (call: {
    readonly context: MemberContext;
    readonly input: z.output<Schema>;
  }) => Promise<Data>,
): Action<z.input<Schema>, Data> {
  return declareAction(
    { audience: 'tenant', permission: options.permission, shape: shapeOf(options) },
    options.input,
    (asked) => requireMember(options.permission, asked),
    (context, input) => handle({ context, input }),
  );
}

/** A server action for staff; to everybody else it does not exist. */
export function staffAction<Schema extends z.ZodType, Data>(
  options: { readonly role: StaffRole } & ActionOptions<Schema>,
  handle: (call: {
    readonly staff: StaffContext;
    readonly input: z.output<Schema>;
  }) => Promise<Data>,
): Action<z.input<Schema>, Data> {
  return declareAction(
    { audience: 'staff', role: options.role, shape: shapeOf(options) },
    options.input,
    (asked) => requireStaff(options.role, asked),
    (staff, input) => handle({ staff, input }),
  );
}

/** A server action for anybody, such as signing in. */
export function publicAction<Schema extends z.ZodType, Data>(
  options: ActionOptions<Schema>,
  handle: (call: {
    readonly input: z.output<Schema>;
    readonly facts: RequestFacts;
  }) => Promise<Data>,
): Action<z.input<Schema>, Data> {
  return declareAction(
    { audience: 'public', shape: shapeOf(options) },
    options.input,
    async () => undefined,
    (_nobody, input, facts) => handle({ input, facts }),
  );
}
