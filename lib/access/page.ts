import { redirect, forbidden as showForbidden, notFound as showNotFound } from 'next/navigation';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { StaffRole } from '@/db/schema';
import { secondFactorPath } from '@/lib/auth';
import { PublicError } from '@/lib/errors';
import { tallyAnswer } from '@/lib/observability';
import type { MemberContext, Permission } from '@/lib/tenancy';
import { type Asked, idsIn } from './asked';
import {
  currentMember,
  recordRefusal,
  requireMember,
  requireStaff,
  type StaffContext,
} from './caller';
import { declareEndpoint, type Endpoint } from './endpoint';
import { usableSearch } from './input';
import { requestFacts } from './request';

type Optional = z.ZodType | undefined;
type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type RawParams = Record<string, string | string[] | undefined>;

interface PageArguments {
  readonly params: Promise<RawParams>;
  readonly searchParams: Promise<RawParams>;
}
export type Page = (page: PageArguments) => Promise<ReactNode>;
export type Layout = (layout: { readonly children: ReactNode }) => Promise<ReactNode>;

interface PageSchemas<Params, Search> {
  readonly params?: Params;
  /** Give every field a `.catch(…)` or make it optional: a bad filter is dropped, not an error page. */
  readonly search?: Search;
}

interface PageInput<Params, Search> {
  readonly params: Output<Params>;
  readonly search: Output<Search>;
}

/** A malformed id is the same to the caller as one that does not exist. */
async function readPage(schemas: PageSchemas<Optional, Optional>, page: PageArguments) {
  const params = schemas.params?.safeParse(await page.params);
  const search = schemas.search?.safeParse(usableSearch(await page.searchParams));
  if (params?.success === false || search?.success === false) {
    throw new PublicError('not_found', 'There is nothing at this address.');
  }
  return { params: params?.data, search: search?.data };
}

/** The ids in a page's address. */
async function askedBy(page: PageArguments): Promise<Asked> {
  const [params, search] = await Promise.all([page.params, page.searchParams]);
  return { form: 'page', ids: idsIn({ ...search, ...params }) };
}

/** Turn a public error into what the framework shows for it. */
async function show(thrown: unknown): Promise<never> {
  if (!(thrown instanceof PublicError)) throw thrown;
  if (thrown.code === 'unauthenticated') {
    const { path, search } = await requestFacts();
    redirect(`/sign-in?next=${encodeURIComponent(path + search)}`);
  }
  if (thrown.code === 'second_factor_required') {
    const { path, search } = await requestFacts();
    redirect(secondFactorPath(path + search));
  }
  if (thrown.code === 'forbidden') showForbidden();
  if (thrown.code === 'not_found') showNotFound();
  throw thrown;
}

/** What a page that was not shown is answered with; the framework's own signals are no failures. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof PublicError) return thrown.status;
  return typeof thrown === 'object' && thrown !== null && 'digest' in thrown ? 307 : 500;
}

function declarePage<Caller>(
  endpoint: Endpoint,
  schemas: PageSchemas<Optional, Optional>,
  caller: (asked: Asked) => Promise<Caller>,
  render: (caller: Caller, input: PageInput<Optional, Optional>) => Promise<ReactNode>,
): Page {
  const page: Page = async (given) => {
    const asked = await askedBy(given);
    const startedAt = performance.now();
    try {
      const who = await caller(asked);
      const content = await render(who, (await readPage(schemas, given)) as never);
      tallyAnswer(200, performance.now() - startedAt);
      return content;
    } catch (thrown) {
      tallyAnswer(statusOf(thrown), performance.now() - startedAt);
      if (endpoint.audience === 'tenant') await recordRefusal(thrown, await requestFacts(), asked);
      return show(thrown);
    }
  };
  return declareEndpoint(page, endpoint);
}

const shapeOf = (schemas: PageSchemas<Optional, Optional>) => ({
  form: 'page' as const,
  ...(schemas.params ? { params: schemas.params } : {}),
  ...(schemas.search ? { query: schemas.search } : {}),
});

/**
 * A page for members. Signed out, it leads to the sign-in and back; an id that is absent or another
 * tenant's shows the 404.
 */
export function tenantPage<
  Params extends Optional = undefined,
  Search extends Optional = undefined,
>(
  options: { readonly permission: Permission } & PageSchemas<Params, Search>,
  render: (
    input: PageInput<Params, Search> & { readonly context: MemberContext },
  ) => Promise<ReactNode>,
): Page {
  return declarePage(
    { audience: 'tenant', permission: options.permission, shape: shapeOf(options) },
    options,
    (asked) => requireMember(options.permission, asked),
    (context, input) => render({ ...(input as never as PageInput<Params, Search>), context }),
  );
}

/** A page for staff; to everybody else it does not exist. */
export function staffPage<Params extends Optional = undefined, Search extends Optional = undefined>(
  options: { readonly role: StaffRole } & PageSchemas<Params, Search>,
  render: (
    input: PageInput<Params, Search> & { readonly staff: StaffContext },
  ) => Promise<ReactNode>,
): Page {
  return declarePage(
    { audience: 'staff', role: options.role, shape: shapeOf(options) },
    options,
    (asked) => requireStaff(options.role, asked),
    (staff, input) => render({ ...(input as never as PageInput<Params, Search>), staff }),
  );
}

/** A page for anybody. `member` is the one who is signed in, if any. */
export function publicPage<
  Params extends Optional = undefined,
  Search extends Optional = undefined,
>(
  options: PageSchemas<Params, Search>,
  render: (
    input: PageInput<Params, Search> & { readonly member: MemberContext | null },
  ) => Promise<ReactNode>,
): Page {
  return declarePage(
    { audience: 'public', shape: shapeOf(options) },
    options,
    currentMember,
    (member, input) => render({ ...(input as never as PageInput<Params, Search>), member }),
  );
}

/** A frame knows nothing of what is asked for; the page in it does. */
const frame: Asked = { form: 'page', ids: {}, frame: true };

/** The frame around members' pages. */
export function tenantLayout(
  render: (input: {
    readonly context: MemberContext;
    readonly children: ReactNode;
  }) => Promise<ReactNode>,
): Layout {
  return async ({ children }) => {
    try {
      const context = await requireMember('overview:read', frame);
      return await render({ context, children });
    } catch (thrown) {
      return show(thrown);
    }
  };
}

/** The frame around staff's pages; to everybody else nothing of it exists. */
export function staffLayout(
  render: (input: {
    readonly staff: StaffContext;
    readonly children: ReactNode;
  }) => Promise<ReactNode>,
): Layout {
  return async ({ children }) => {
    try {
      return await render({ staff: await requireStaff('support', frame), children });
    } catch (thrown) {
      return show(thrown);
    }
  };
}
