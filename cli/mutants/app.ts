// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is looked for has them
import type { CodeMutant, NamedTest, SourceMutant } from './mutant';

/** Mutants of the application: who asks, what they may ask for, and what comes back. */

const unit = (file: string, title: string): NamedTest => ({ file, title });
const browser = (spec: string, title: string): NamedTest => ({
  file: `e2e/${spec}.spec.ts`,
  title,
});

const callers: readonly CodeMutant[] = [
  {
    kind: 'code',
    name: 'header-ignored',
    class: 'app: X-Tenant-ID tampering',
    taken: 'A header that claims another tenant is let through.',
    file: 'lib/access/caller.ts',
    edits: [{ find: 'if («foreign») throw onRecord', instead: 'false' }],
    noticedBy: browser(
      'sessions',
      'a foreign tenant in a header is a page that does not exist, and on record',
    ),
  },
  {
    kind: 'code',
    name: 'forwarded-host-believed',
    class: 'app: host tampering',
    taken: 'The host that a caller forwards is believed although no proxy stands in front.',
    file: 'cli/edge.mjs',
    edits: [{ find: 'if («proxies > 0») return;', instead: 'true' }],
    noticedBy: unit(
      'cli/edge.test.ts',
      'comes without a host of the caller’s making, unless a proxy stands in front',
    ),
  },
  {
    kind: 'code',
    name: 'organisation-cookie-believed',
    class: 'app: cookie tampering',
    taken: 'The cookie that remembers an organisation is believed: a session begins there.',
    file: 'lib/auth/session.ts',
    edits: [
      {
        find: 'const tenant = «open.find(({ id }) => id === remembered) ?? open[0]»;',
        instead: 'open[0] && remembered ? { ...open[0], id: remembered as TenantId } : open[0]',
      },
    ],
    noticedBy: unit(
      'lib/auth/session.test.ts',
      'begins where the browser was last, if that is still open to the person',
    ),
  },
  {
    kind: 'code',
    name: 'session-update-believed',
    class: 'app: JWT tampering',
    taken: 'Whoever asks for a session in an organisation gets it, member or not.',
    file: 'lib/auth/session.ts',
    edits: [
      {
        find: 'const membership = await «requireEntry(tenantId, token)»;',
        instead: "{ name: 'Member', tenantName: 'Tenant', role: 'owner' as const }",
      },
    ],
    noticedBy: unit('lib/auth/session.test.ts', 'to a foreign organisation changes nothing'),
  },
  {
    kind: 'code',
    name: 'session-never-ends',
    class: 'app: JWT tampering',
    taken: 'The end of a session thirty days after signing in.',
    file: 'lib/auth/token.ts',
    edits: [
      {
        find: 'if («Date.now() / 1_000 - result.data.signedInAt > longestSession») return null;',
        instead: 'false',
      },
    ],
    noticedBy: unit('lib/auth/session.test.ts', 'that is 31 days old is none'),
  },
  {
    kind: 'code',
    name: 'ended-session-goes-on',
    class: 'app: stale membership claims',
    taken: 'A session goes on although the person’s sessions were ended.',
    file: 'lib/access/member.ts',
    edits: [
      {
        find: 'if («membership.sessionVersion !== claims.sessionVersion») return null;',
        instead: 'false',
      },
    ],
    noticedBy: unit('lib/access/member.test.ts', 'is nobody when their sessions were ended'),
  },
  {
    kind: 'code',
    name: 'suspension-ignored',
    class: 'app: stale membership claims',
    taken: 'Members of a suspended organisation work on.',
    file: 'lib/access/member.ts',
    edits: [{ find: "if («membership.tenantState !== 'active'») return null;", instead: 'false' }],
    noticedBy: unit('lib/access/member.test.ts', 'is nobody while the organisation is suspended'),
  },
  {
    kind: 'code',
    name: 'role-from-token',
    class: 'app: stale membership claims',
    taken: 'The role is the one in the token, not the one in the database.',
    file: 'lib/access/member.ts',
    edits: [{ find: 'role: «membership.role»,', instead: 'claims.role ?? membership.role' }],
    noticedBy: unit('lib/access/member.test.ts', 'has the role of now, whatever the token says'),
  },
  {
    kind: 'code',
    name: 'permission-unchecked',
    class: 'app: object-level authorisation',
    taken: 'Roles: every member may do everything.',
    file: 'lib/access/caller.ts',
    edits: [{ find: 'if («!can(member.role, permission)») {', instead: 'false' }],
    noticedBy: browser('roles', 'viewer, member and admin are held to what they may'),
  },
  {
    kind: 'code',
    name: 'admin-gives-ownership',
    class: 'app: object-level authorisation',
    taken: 'An admin may make somebody an owner.',
    file: 'lib/tenancy/members.ts',
    edits: [
      {
        find: 'if («!manageableRoles(context.role).includes(member.role)») throw forbidden();',
        instead: 'false',
      },
    ],
    noticedBy: unit('lib/tenancy/members.test.ts', 'of an owner is not for an admin'),
  },
  {
    kind: 'code',
    name: 'staff-session-goes-on',
    class: 'app: support sessions',
    taken: 'Staff stay in the console although their sessions were ended.',
    file: 'lib/auth/staff.ts',
    edits: [
      {
        find: '.where(«and(eq(staff.userId, claims.userId), eq(users.sessionVersion, claims.sessionVersion))»)',
        instead: 'eq(staff.userId, claims.userId)',
      },
    ],
    noticedBy: unit('lib/auth/session.test.ts', 'are out when their sessions have been ended'),
  },
  {
    kind: 'code',
    name: 'staff-look-unrecorded',
    class: 'app: support sessions',
    taken: 'The row that every look of staff at a tenant leaves.',
    file: 'lib/platform/look.ts',
    edits: [
      {
        find: 'await «tx.insert(staffAccessLogs).values({ userId, tenantId, action: look.action, requestId })»;',
        instead: 'undefined',
      },
    ],
    noticedBy: unit(
      'lib/platform/platform.test.ts',
      'shows how it stands, and leaves a row of the look',
    ),
  },
  {
    kind: 'code',
    name: 'not-staff-unrecorded',
    class: 'app: support sessions',
    taken: 'The record of somebody who asks for the console and is no staff any more.',
    file: 'lib/access/caller.ts',
    edits: [
      {
        find: "await («asked.form === 'page' ? pageIsNotForStaff() : recordNotStaff(asked)»);",
        instead: 'Promise.resolve()',
      },
    ],
    noticedBy: browser(
      'isolation/http-extra',
      'somebody who is no staff any more is refused the console, on record',
    ),
  },
  {
    kind: 'code',
    name: 'outbox-in-production',
    class: 'app: support sessions',
    taken: 'Staff may read the mails of a production: an invitation’s link lets its reader in.',
    file: 'lib/mail/outbox.ts',
    edits: [{ find: "!env.SMTP_URL && «env.TENANTRY_MODE === 'demo'»;", instead: 'true' }],
    noticedBy: unit(
      'lib/mail/outbox.test.ts',
      'in production mode with mail server "" the outbox is shown to staff: false',
    ),
  },
  {
    kind: 'code',
    name: 'outbox-any-file',
    class: 'app: support sessions',
    taken: 'The check of a mail’s name: an id with dots in it leads out of the outbox.',
    file: 'lib/mail/outbox.ts',
    edits: [{ find: 'if («!fileName.test(`${id}.eml`)») return null;', instead: 'false' }],
    noticedBy: unit('lib/mail/outbox.test.ts', 'gives no file out of another folder'),
  },
];

const withoutPolicies = 'lib/access/without-row-security.test.ts';

/** Filters by tenant, where row security alone would keep tenants apart. */
const filters: readonly CodeMutant[] = [
  {
    kind: 'code',
    name: 'filter-of-connection',
    class: 'app: object-level authorisation',
    taken: 'The tenant in the search for a connection by its id.',
    file: 'lib/connections/find.ts',
    edits: [
      {
        find: `    .where(«and(eq(connections.tenantId, context.tenantId), eq(connections.id, connectionId))»)
    .for('update')`,
        instead: 'eq(connections.id, connectionId)',
      },
    ],
    noticedBy: unit(withoutPolicies, 'nothing is changed by another tenant’s id'),
  },
  {
    kind: 'code',
    name: 'filter-of-event',
    class: 'app: object-level authorisation',
    taken: 'The tenant in the search for one event of the record.',
    file: 'lib/audit/browse.ts',
    edits: [
      {
        find: '.where(«and(eq(auditEvents.tenantId, context.tenantId), eq(auditEvents.id, id))»)',
        instead: 'eq(auditEvents.id, id)',
      },
    ],
    noticedBy: unit(withoutPolicies, 'nothing is found by another tenant’s id'),
  },
  {
    kind: 'code',
    name: 'filter-of-record',
    class: 'app: list, search, count, export and cursor',
    taken: 'The tenant in the list of the record, and in its export.',
    file: 'lib/audit/browse.ts',
    edits: [
      {
        find: 'const set = [«eq(auditEvents.tenantId, context.tenantId)»];\n  if (filter.action)',
        instead: 'gte(auditEvents.createdAt, new Date(0))',
      },
    ],
    noticedBy: unit(withoutPolicies, 'no list, search or count holds another tenant’s rows'),
  },
  {
    kind: 'code',
    name: 'filter-of-search',
    class: 'app: list, search, count, export and cursor',
    taken: 'The tenant in the search for resources.',
    file: 'lib/connections/resources.ts',
    edits: [
      {
        find: 'const set: SQL[] = [«eq(resources.tenantId, context.tenantId)»];',
        instead: 'sql`true`',
      },
    ],
    noticedBy: unit(withoutPolicies, 'no list, search or count holds another tenant’s rows'),
  },
  {
    kind: 'code',
    name: 'filter-of-members',
    class: 'app: list, search, count, export and cursor',
    taken: 'The tenant in the list of members.',
    file: 'lib/tenancy/members.ts',
    edits: [
      {
        find: '.where(«eq(memberships.tenantId, context.tenantId)»)\n    .orderBy(rank',
        instead: 'sql`true`',
      },
    ],
    noticedBy: unit(withoutPolicies, 'no list, search or count holds another tenant’s rows'),
  },
  {
    kind: 'code',
    name: 'filter-of-run',
    class: 'app: object-level authorisation',
    taken: 'The tenant in the search for a run that is asked for again.',
    file: 'lib/automations/runs/request.ts',
    edits: [
      {
        find: '.where(«and(eq(runs.tenantId, context.tenantId), eq(runs.id, runId))»);',
        instead: 'eq(runs.id, runId)',
      },
    ],
    noticedBy: unit(withoutPolicies, 'nothing is changed by another tenant’s id'),
  },
  {
    kind: 'code',
    name: 'cursor-unchecked',
    class: 'app: list, search, count, export and cursor',
    taken: 'The check of a cursor: whatever a caller puts into it is searched by.',
    file: 'lib/paging/index.ts',
    edits: [
      {
        find: "return «schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))»;",
        instead: "JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))",
      },
    ],
    noticedBy: unit('lib/audit/audit.test.ts', 'refuses a cursor that is not ours'),
  },
];

const requests: readonly CodeMutant[] = [
  {
    kind: 'code',
    name: 'other-site-accepted',
    class: 'app: server-action ids and closures',
    taken: 'A request of another site’s page that changes something is carried out.',
    file: 'lib/access/route.ts',
    edits: [
      {
        find: "if («site !== null && site !== 'same-origin' && site !== 'none'») {",
        instead: 'false',
      },
    ],
    noticedBy: browser('refusals', 'does not reach an endpoint that changes something'),
  },
  {
    kind: 'code',
    name: 'input-over-context',
    class: 'app: mass assignment of tenant_id',
    taken: 'What a caller sends to an action is spread over who they are and in which tenant.',
    file: 'lib/access/action.ts',
    edits: [
      {
        find: 'await handle(«who», parseInput(schema, input), facts)',
        instead: 'Object.assign({}, who, input)',
      },
    ],
    noticedBy: browser(
      'isolation/http-extra',
      'a tenant’s id among the input of an action changes nothing of that tenant',
    ),
  },
  {
    kind: 'code',
    name: 'sign-in-not-asked',
    class: 'app: stale membership claims',
    taken: 'Whoever follows a link to the API without a session is led to the sign-in.',
    file: 'lib/access/route.ts',
    edits: [
      {
        find: "if («error.code === 'unauthenticated' && isNavigation(request)») return signInFirst();",
        instead: 'false',
      },
    ],
    noticedBy: browser(
      'isolation/http-extra',
      'a link to the API leads to the sign-in without a session, and hands on nothing of its address',
    ),
  },
  {
    kind: 'code',
    name: 'sign-in-hands-on',
    class: 'app: OAuth state mix-up',
    taken: 'The way to the sign-in hands on the provider’s answer that was in the address.',
    file: 'lib/access/route.ts',
    edits: [
      {
        find: 'return «signInFirst()»;',
        instead:
          'new Response(null, { status: 303, headers: { location: `/sign-in?next=${encodeURIComponent(request.url)}` } })',
      },
    ],
    noticedBy: browser(
      'isolation/http-extra',
      'a link to the API leads to the sign-in without a session, and hands on nothing of its address',
    ),
  },
  {
    kind: 'code',
    name: 'leads-elsewhere',
    class: 'app: host tampering',
    taken: 'Signing in leads to whatever address was given, another site’s as well.',
    file: 'lib/auth/return-path.ts',
    edits: [
      {
        find: "if («url.origin !== elsewhere || path.startsWith('//') || notPages.test(path)») return fallback;",
        instead: 'false',
      },
    ],
    noticedBy: unit('lib/auth/return-path.test.ts', 'refuses "/.//evil.example"'),
  },
  {
    kind: 'code',
    name: 'request-id-unchecked',
    class: 'app: log injection',
    taken: 'The check of a caller’s request id: line breaks get into headers and the log.',
    file: 'lib/headers/request-id.ts',
    edits: [{ find: 'given !== null && «pattern.test(given)» ?', instead: 'true' }],
    noticedBy: unit('lib/headers/headers.test.ts', 'replaces "new\\nline-in-it"'),
  },
  {
    kind: 'code',
    name: 'forwarded-address-believed',
    class: 'app: rate-limit keys',
    taken: 'The address that a caller claims is believed: each attempt comes from another.',
    file: 'cli/edge.mjs',
    edits: [{ find: "«seen.at(-1 - proxies) ?? seen[0] ?? ''»;", instead: "seen[0] ?? ''" }],
    noticedBy: unit('cli/edge.test.ts', 'is the connection’s own, whatever the caller says'),
  },
  {
    kind: 'code',
    name: 'limit-without-account',
    class: 'app: rate-limit keys',
    taken: 'The account in the key of the limit: one’s failed attempts lock everybody out.',
    file: 'lib/auth/limits.ts',
    edits: [{ find: ".update(«email»).digest('base64url');", instead: "'account'" }],
    noticedBy: unit(
      'lib/auth/sign-in.test.ts',
      'is held up after sixty attempts from a network, whatever the accounts',
    ),
  },
  {
    kind: 'code',
    name: 'password-uncut',
    class: 'app: rate-limit keys',
    taken: 'The cut of a password before it is hashed: megabytes are work for the asking.',
    file: 'lib/auth/password.ts',
    edits: [
      { find: 'verify(against, «password.slice(0, passwordLength.max + 1)»)', instead: 'password' },
    ],
    noticedBy: unit('lib/auth/password.test.ts', 'is hashed no further than it can be long'),
  },
  {
    kind: 'code',
    name: 'link-of-any-kind',
    class: 'app: links that come from outside',
    taken: 'The check of a report’s address: javascript: becomes a link to press.',
    file: 'components/reports/report-cell.tsx',
    edits: [{ find: 'if («!/^https?:\\/\\//i.test(address)») return', instead: 'false' }],
    noticedBy: unit(
      'components/reports/report-cell.test.tsx',
      'makes no link of javascript:alert(1)',
    ),
  },
  {
    kind: 'code',
    name: 'attribute-link-of-any-kind',
    class: 'app: links that come from outside',
    taken: 'The check of a resource’s address: javascript: becomes a link to press.',
    file: 'components/resources/attributes.tsx',
    edits: [
      {
        find: "if («typeof value !== 'string' || !/^https?:\\/\\//.test(value)») return null;",
        instead: "typeof value !== 'string'",
      },
    ],
    noticedBy: unit(
      'components/resources/attributes.test.tsx',
      'makes no link of javascript:alert(1)',
    ),
  },
];

const refusals = 'lib/connections/consent-refusals.test.ts';
const oauth = 'app: OAuth state mix-up';

const flows: readonly CodeMutant[] = [
  {
    kind: 'code',
    name: 'state-of-anybody',
    class: oauth,
    taken: 'The person in a consent’s state: a colleague finishes what another began.',
    file: 'lib/connections/consent-finish.ts',
    edits: [
      { find: 'if (!request || «request.userId !== context.userId») return', instead: 'false' },
    ],
    noticedBy: unit(refusals, 'of another member of the same organisation is refused'),
  },
  {
    kind: 'code',
    name: 'state-of-any-browser',
    class: oauth,
    taken: 'The browser in a consent’s state: a link that is sent finishes it elsewhere.',
    file: 'lib/connections/consent-finish.ts',
    edits: [
      {
        find: 'if («!session || !sameText(digest(session), request.sessionHash)») return',
        instead: 'false',
      },
    ],
    noticedBy: unit(refusals, 'in another browser is refused, and still open to its own'),
  },
  {
    kind: 'code',
    name: 'state-of-any-provider',
    class: oauth,
    taken: 'The provider in a consent’s state: one’s answer is taken for another’s.',
    file: 'lib/connections/consent-finish.ts',
    edits: [{ find: 'if («connection.provider !== answer.provider») return', instead: 'false' }],
    noticedBy: unit(refusals, 'through another provider’s callback is refused, and still open'),
  },
  {
    kind: 'code',
    name: 'state-for-ever',
    class: oauth,
    taken: 'The ten minutes in which a consent must be finished.',
    file: 'lib/connections/consent-finish.ts',
    edits: [{ find: 'if («request.expiresAt.getTime() < Date.now()») return', instead: 'false' }],
    noticedBy: unit(refusals, 'has expired after ten minutes'),
  },
  {
    kind: 'code',
    name: 'account-of-anybody',
    class: oauth,
    taken: 'A connection takes any account that consent is given for.',
    file: 'lib/connections/consent-complete.ts',
    edits: [
      {
        find: `«connection.accountId === account.accountId &&
    connection.providerTenant === account.organizationId»`,
        instead: 'true',
      },
    ],
    noticedBy: unit(refusals, 'with an account that has moved to another organisation is refused'),
  },
  {
    kind: 'code',
    name: 'invitation-for-anybody',
    class: 'app: signed URLs',
    taken: 'The address in an invitation: whoever has the link joins.',
    file: 'lib/tenancy/acceptance.ts',
    edits: [{ find: 'if («row.email !== person.email») {', instead: 'false' }],
    noticedBy: unit(
      'lib/auth/join.test.ts',
      'is refused for another person, whose role does not change',
    ),
  },
  {
    kind: 'code',
    name: 'sealed-anywhere',
    class: 'app: sealed texts moved between rows',
    taken: 'A sealed token opens in another connection’s row as well.',
    file: 'lib/vault/message.ts',
    edits: [
      {
        find: 'if («!sameContext(opened.messageHeader.encryptionContext, expected)») {',
        instead: 'false',
      },
    ],
    noticedBy: unit('lib/vault/seal.test.ts', 'is refused as that of another connection'),
  },
];

const code = 'cli/doctor/code.test.ts';
const examined = unit(code, 'passes this very code');

/** What only a look at the sources can notice. */
const sources: readonly SourceMutant[] = [
  {
    kind: 'source',
    name: 'route-without-wrapper',
    class: 'app: an endpoint without cases',
    taken: 'The wrapper of an endpoint: no session, no permission, no input is checked.',
    file: 'app/api/runs/route.ts',
    find: `export const GET = tenantRoute(
  { permission: 'runs:read', query: runFilter.extend({ cursor: cursorParameter }) },
  ({ context, query: { cursor, ...filter } }) => listRuns(context, filter, cursor),
);`,
    instead: `export async function GET(request: Request) {
  const tenantId = request.headers.get('x-tenant-id') as never;
  return Response.json(await listRuns({ tenantId } as never, {} as never, undefined));
}`,
    noticedBy: examined,
  },
  {
    kind: 'source',
    name: 'action-without-wrapper',
    class: 'app: server-action ids and closures',
    taken: 'The wrapper of a server action, whose id anybody can call.',
    file: 'app/(tenant)/runs/actions.ts',
    find: `export const cancel = tenantAction(
  { name: 'runs.cancel', permission: 'runs:start', input: cancelInput },
  ({ context, input }) => cancelRun(context, input.runId),
);`,
    instead: `export async function cancel(context: never, input: { runId: never }) {
  return cancelRun(context, input.runId);
}`,
    noticedBy: examined,
  },
  {
    kind: 'source',
    name: 'image-optimiser',
    class: 'app: SSRF',
    taken: 'The framework’s image optimiser is on: it fetches whatever address it is given.',
    file: 'next.config.mjs',
    find: 'images: { unoptimized: true },',
    instead: "images: { remotePatterns: [{ protocol: 'https', hostname: '**' }] },",
    noticedBy: unit(
      'app/proxy.test.ts',
      'has no image optimiser beside it, which asks for addresses past it',
    ),
  },
];

export const appMutants = [...callers, ...filters, ...requests, ...flows, ...sources];
