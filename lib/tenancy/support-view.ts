import { createHash } from 'node:crypto';
import { and, eq, newId, type SupportSessionId, sql, withTenant } from '@/db';
import { supportViews } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import type { MemberContext } from './context';

/** Where staff in a support session look. */
export interface SupportLookAt {
  readonly form: 'page' | 'route';
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The query with its question mark, or nothing. */
  readonly search: string;
}

/** Characters of an address that are kept. */
const longest = 500;

/** A text as it is kept: of a long one its beginning, and the SHA-256 that tells it from all others. */
function kept(text: string): string {
  if (text.length <= longest) return text;
  const digest = ` … sha256 ${createHash('sha256').update(text).digest('hex')}`;
  return `${text.slice(0, longest - digest.length)}${digest}`;
}

/** Minutes after which asking for the same data again is a new look, not an open page's timer. */
const sameLook = 2;

/**
 * Put on the tenant's own record that staff look at something, before they are shown it: if it cannot
 * be recorded, they are shown nothing. Each opening of a page is one event; data that an open page
 * asks for over and over is one until it has rested for two minutes.
 */
export async function recordSupportView(
  context: MemberContext,
  { form, method, path, search }: SupportLookAt,
): Promise<void> {
  const session = context.support;
  if (!session) return;
  const supportSessionId = session.id as SupportSessionId;
  const place = kept(`${form === 'page' ? 'PAGE' : method} ${path}${search}`);
  const { tenantId } = context;
  const own = and(
    eq(supportViews.tenantId, tenantId),
    eq(supportViews.supportSessionId, supportSessionId),
    eq(supportViews.place, place),
  );
  await withTenant(context, async (tx) => {
    const [before] = await tx
      .select({
        lately: sql<boolean>`${supportViews.seenAt} > now() - make_interval(mins => ${sameLook})`,
      })
      .from(supportViews)
      .where(own);
    await tx
      .insert(supportViews)
      .values({ tenantId, id: newId(), supportSessionId, place })
      .onConflictDoUpdate({
        target: [supportViews.tenantId, supportViews.supportSessionId, supportViews.place],
        set: { seenAt: sql`now()`, times: sql`${supportViews.times} + 1` },
      });
    if (form === 'route' && before?.lately) return;
    await recordAudit(tx, context, {
      action: 'support.viewed',
      target: {
        type: form === 'page' ? 'page' : 'data',
        id: kept(path),
        name: kept(path),
      },
      details: { session: session.id, ...(search ? { search: kept(search) } : {}) },
    });
  });
}
