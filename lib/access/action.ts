import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import type { StaffRole } from '@/db/schema';
import { type ActionResult, publicShape, toPublicError } from '@/lib/errors';
import { logFailure, observeRequest } from '@/lib/observability';
import type { MemberContext, Permission } from '@/lib/tenancy';
import { recordMissing, requireMember, requireStaff, type StaffContext } from './caller';
import { declareEndpoint, type Endpoint } from './endpoint';
import { parseInput } from './input';
import { type RequestFacts, requestFacts } from './request';

export type Action<Input, Data> = (input: Input) => Promise<ActionResult<Data>>;

function declareAction<Caller, Schema extends z.ZodType, Data>(
  endpoint: Endpoint,
  schema: Schema,
  caller: () => Promise<Caller>,
  handle: (caller: Caller, input: z.output<Schema>, facts: RequestFacts) => Promise<Data>,
): Action<z.input<Schema>, Data> {
  const action = async (input: z.input<Schema>): Promise<ActionResult<Data>> => {
    const facts = { ...(await requestFacts()), method: 'ACTION' };
    return observeRequest(facts, async (): Promise<ActionResult<Data>> => {
      try {
        const who = await caller();
        return { ok: true, data: await handle(who, parseInput(schema, input), facts) };
      } catch (thrown) {
        // redirect() and notFound() travel as exceptions of the framework.
        unstable_rethrow(thrown);
        const error = toPublicError(thrown);
        logFailure(error);
        if (endpoint.audience !== 'staff') await recordMissing(error, facts);
        return { ok: false, error: publicShape(error, facts.requestId) };
      }
    });
  };
  return declareEndpoint(action, endpoint);
}

/**
 * A server action for members.
 * @param options the permission needed and the schema of the input
 * @returns an action that answers `{ok: true, data}` or `{ok: false, error}` and never throws
 */
export function tenantAction<Schema extends z.ZodType, Data>(
  options: { readonly permission: Permission; readonly input: Schema },
  handle: (call: {
    readonly context: MemberContext;
    readonly input: z.output<Schema>;
  }) => Promise<Data>,
): Action<z.input<Schema>, Data> {
  return declareAction(
    {
      audience: 'tenant',
      permission: options.permission,
      shape: { form: 'action', body: options.input },
    },
    options.input,
    () => requireMember(options.permission),
    (context, input) => handle({ context, input }),
  );
}

/** A server action for staff; to everybody else it does not exist. */
export function staffAction<Schema extends z.ZodType, Data>(
  options: { readonly role: StaffRole; readonly input: Schema },
  handle: (call: {
    readonly staff: StaffContext;
    readonly input: z.output<Schema>;
  }) => Promise<Data>,
): Action<z.input<Schema>, Data> {
  return declareAction(
    { audience: 'staff', role: options.role, shape: { form: 'action', body: options.input } },
    options.input,
    () => requireStaff(options.role),
    (staff, input) => handle({ staff, input }),
  );
}

/** A server action for anybody, such as signing in. */
export function publicAction<Schema extends z.ZodType, Data>(
  options: { readonly input: Schema },
  handle: (call: {
    readonly input: z.output<Schema>;
    readonly facts: RequestFacts;
  }) => Promise<Data>,
): Action<z.input<Schema>, Data> {
  return declareAction(
    { audience: 'public', shape: { form: 'action', body: options.input } },
    options.input,
    async () => undefined,
    (_nobody, input, facts) => handle({ input, facts }),
  );
}
