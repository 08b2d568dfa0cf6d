import type { CodeMutant } from '../mutant';
import { unit } from './named';

const factor = 'lib/second-factor/second-factor.test.ts';
const two = 'lib/two-persons/two-persons.test.ts';
const support = 'lib/support/support.test.ts';
const exportsTest = 'lib/exports/exports.test.ts';
const streams = 'lib/streams/reach.test.ts';
const record = 'lib/record/continuity.test.ts';
const sessions = 'app: support sessions';
const links = 'app: signed URLs';
const objects = 'app: object-level authorisation';
const inside = 'app: SSRF';

/** What holds staff: second factors, second persons, support sessions, and what leaves the house. */
export const consoleMutants: readonly CodeMutant[] = [
  {
    kind: 'code',
    name: 'code-taken-twice',
    class: 'app: cookie or session theft',
    taken:
      'The step that a code of the app uses up: whoever read it over a shoulder gives it again.',
    file: 'lib/second-factor/prove.ts',
    edits: [
      {
        find: '«lt(secondFactors.lastStep, step)»',
        instead: 'isNotNull(secondFactors.confirmedAt)',
      },
    ],
    noticedBy: unit(factor, 'is taken once, and none before it afterwards'),
  },
  {
    kind: 'code',
    name: 'recovery-code-taken-twice',
    class: 'app: cookie or session theft',
    taken: 'The use that a recovery code is good for.',
    file: 'lib/second-factor/recovery.ts',
    edits: [
      { find: '«isNull(recoveryCodes.usedAt)»', instead: 'eq(recoveryCodes.userId, userId)' },
    ],
    noticedBy: unit(factor, 'opens once however it is typed, and is on record'),
  },
  {
    kind: 'code',
    name: 'codes-tried-without-end',
    class: 'app: rate-limit keys',
    taken: 'The count of codes that were tried.',
    file: 'lib/second-factor/prove.ts',
    edits: [{ find: 'await «countTry(userId)»;', instead: 'Promise.resolve()' }],
    noticedBy: unit(factor, 'ends after ten wrong codes, for the right one too'),
  },
  {
    kind: 'code',
    name: 'stand-in-everywhere',
    class: 'app: cookie or session theft',
    taken: 'That the stand-in for an authenticator is of the demo only.',
    file: 'lib/second-factor/stand-in.ts',
    edits: [{ find: "=> «env.TENANTRY_MODE === 'demo'»", instead: 'true' }],
    noticedBy: unit(
      factor,
      'shows nothing in production, and nothing of somebody without a factor',
    ),
  },
  {
    kind: 'code',
    name: 'approved-by-oneself',
    class: sessions,
    taken: 'The second person: whoever asked for a deletion approves it.',
    file: 'lib/approvals/decide.ts',
    edits: [{ find: 'if («approval.askedBy === staff.userId»)', instead: 'false' }],
    noticedBy: unit(two, 'is not decided on by whoever asked, on record'),
  },
  {
    kind: 'code',
    name: 'approval-used-twice',
    class: sessions,
    taken: 'That an approval is used up by what it approved.',
    file: 'lib/approvals/decide.ts',
    edits: [{ find: 'if («approval.carriedOutAt») throw', instead: 'false' }],
    noticedBy: unit(two, 'that nobody carries out at once is used by whoever needs it, once'),
  },
  {
    kind: 'code',
    name: 'support-session-of-anybody',
    class: sessions,
    taken: 'Whose support session it is: a colleague is in it as well.',
    file: 'lib/tenancy/support-entry.ts',
    edits: [
      {
        find: 'eq(supportSessions.id, sessionId),\n          «eq(supportSessions.userId, userId)»',
        instead: 'eq(supportSessions.tenantId, tenantId)',
      },
    ],
    noticedBy: unit(support, 'is of one person, in one tenant, at one version of their sessions'),
  },
  {
    kind: 'code',
    name: 'support-session-of-any-tenant',
    class: sessions,
    taken: 'That a support session ends with its tenant’s being active.',
    file: 'lib/tenancy/support-entry.ts',
    edits: [{ find: "if («row.tenantState !== 'active'») return", instead: 'false' }],
    noticedBy: unit(support, 'is not taken up again after the tenant was suspended and resumed'),
  },
  {
    kind: 'code',
    name: 'support-without-being-asked',
    class: sessions,
    taken: 'The word of a tenant that wants to be asked before support looks.',
    file: 'lib/support/start.ts',
    edits: [{ find: "if («word?.access !== 'ask'») return null", instead: 'true' }],
    noticedBy: unit(support, 'is looked into only after an owner said yes, once'),
  },
  {
    kind: 'code',
    name: 'leave-used-twice',
    class: sessions,
    taken: 'That an owner’s yes is good for one support session.',
    file: 'lib/support/start.ts',
    edits: [
      {
        find: '«isNull(supportRequests.usedAt)»',
        instead: "eq(supportRequests.decision, 'approved')",
      },
    ],
    noticedBy: unit(support, 'is looked into only after an owner said yes, once'),
  },
  {
    kind: 'code',
    name: 'export-link-for-ever',
    class: links,
    taken: 'The end of an export’s link.',
    file: 'lib/exports/browse.ts',
    edits: [{ find: "state: «row.state === 'done' && hasEnded(row)» ?", instead: 'false' }],
    noticedBy: unit(exportsTest, 'ends with its link, and its file is deleted'),
  },
  {
    kind: 'code',
    name: 'export-of-everything-for-admins',
    class: objects,
    taken:
      'That an export of everything is the owners’: whoever sees the list of files may have it.',
    file: 'lib/exports/browse.ts',
    edits: [{ find: "return «can(role, 'tenant:manage')» ? own", instead: 'true' }],
    noticedBy: unit(exportsTest, 'is not there for an admin'),
  },
  {
    kind: 'code',
    name: 'stream-to-a-name-inside',
    class: inside,
    taken: 'The look at where a receiver’s name leads.',
    file: 'lib/streams/reach.ts',
    edits: [
      {
        find: 'const inside = «!anywhere() && addresses.some(({ address }) => !isPublic(address))»;',
        instead: 'false',
      },
    ],
    noticedBy: unit(streams, 'syslog and buckets are held to the same'),
  },
  {
    kind: 'code',
    name: 'stream-to-an-address-inside',
    class: inside,
    taken: 'The look at a receiver that is written as an address.',
    file: 'lib/streams/reach.ts',
    edits: [
      { find: 'if («isIP(bare) !== 0 && !anywhere() && !isPublic(bare)») throw', instead: 'false' },
    ],
    noticedBy: unit(streams, 'syslog and buckets are held to the same'),
  },
  {
    kind: 'code',
    name: 'broken-record-signed',
    class: 'record: history that is rewritten behind a checkpoint',
    taken:
      'The look whether a record goes on from what was signed: a rewritten one is signed anew.',
    file: 'lib/record/sign.ts',
    edits: [{ find: 'if («broken !== null») {', instead: 'false' }],
    noticedBy: unit(record, 'is not signed by the process that signed that'),
  },
];
