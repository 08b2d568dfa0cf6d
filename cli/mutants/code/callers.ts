// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is looked for has them
import type { CodeMutant } from '../mutant';
import { browser, unit } from './named';

/** Who asks: their session, their role, their organisation, and what staff may. */
export const callers: readonly CodeMutant[] = [
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
    edits: [{ find: 'if («!allowed(member, permission, asked, facts)») {', instead: 'false' }],
    noticedBy: browser(
      'isolation/http-extra',
      'a viewer is refused what owners and admins may, and what they may is answered',
    ),
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
        find: 'await «tx.insert(staffAccessLogs).values(row)»;',
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
