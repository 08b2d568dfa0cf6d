// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is looked for has them
import type { CodeMutant } from '../mutant';
import { unit } from './named';

const refusals = 'lib/connections/consent-refusals.test.ts';
const links = 'lib/connections/consent-links.test.ts';
const oauth = 'app: OAuth state mix-up';

/** Flows that go through elsewhere and come back: consents, invitations, sealed texts. */
export const flows: readonly CodeMutant[] = [
  {
    kind: 'code',
    name: 'state-of-anybody',
    class: oauth,
    taken: 'The person in a consent’s state: a colleague finishes what another began.',
    file: 'lib/connections/consent-claim.ts',
    edits: [{ find: 'return «request.userId === userId» && request.linkId', instead: 'true' }],
    noticedBy: unit(refusals, 'of another member of the same organisation is refused'),
  },
  {
    kind: 'code',
    name: 'state-of-any-browser',
    class: oauth,
    taken: 'The browser in a consent’s state: a link that is sent finishes it elsewhere.',
    file: 'lib/connections/consent-claim.ts',
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
    file: 'lib/connections/consent-claim.ts',
    edits: [{ find: 'if («connection.provider !== answer.provider») return', instead: 'false' }],
    noticedBy: unit(refusals, 'through another provider’s callback is refused, and still open'),
  },
  {
    kind: 'code',
    name: 'organisation-of-any-caretaker',
    class: oauth,
    taken: 'Who may give an organisation: whoever looks after its apps connects it elsewhere.',
    file: 'lib/connections/consent-admin.ts',
    edits: [{ find: 'again: «connection.providerTenant === organization» }', instead: 'true' }],
    noticedBy: unit(
      'lib/connections/consent-admin.test.ts',
      'is not connected by who may not consent for it, once another tenant has its consent',
    ),
  },
  {
    kind: 'code',
    name: 'state-for-ever',
    class: oauth,
    taken: 'The ten minutes in which a consent must be finished.',
    file: 'lib/connections/consent-claim.ts',
    edits: [{ find: 'if («request.expiresAt.getTime() < Date.now()») return', instead: 'false' }],
    noticedBy: unit(
      refusals,
      'has expired after ten minutes, which its browser outlives and can tell',
    ),
  },
  {
    kind: 'code',
    name: 'account-of-anybody',
    class: oauth,
    taken: 'A connection takes any account that consent is given for.',
    file: 'lib/connections/consent-connection.ts',
    edits: [{ find: 'if («connection.accountId !== account.accountId») {', instead: 'false' }],
    noticedBy: unit(
      'lib/connections/consent.test.ts',
      'with another account is refused and changes nothing',
    ),
  },
  {
    kind: 'code',
    name: 'account-of-any-organisation',
    class: oauth,
    taken: 'The organisation of a connection: an account that moved elsewhere keeps it.',
    file: 'lib/connections/consent-connection.ts',
    edits: [
      {
        find: 'return «connection.providerTenant === account.organizationId» ? null',
        instead: 'true',
      },
    ],
    noticedBy: unit(refusals, 'with an account that has moved to another organisation is refused'),
  },
  {
    kind: 'code',
    name: 'link-for-ever',
    class: 'app: signed URLs',
    taken: 'A consent link is used although it was used, withdrawn or ran out meanwhile.',
    file: 'lib/connections/consent-link-result.ts',
    edits: [
      {
        find: 'return «!usedAt && !revokedAt && expiresAt.getTime() > Date.now()»;',
        instead: 'true',
      },
    ],
    noticedBy: unit(
      links,
      'leaves a connection alone that was withdrawn from it while its page was open',
    ),
  },
  {
    kind: 'code',
    name: 'link-of-whoever-left',
    class: 'app: signed URLs',
    taken: 'The right of a consent link’s maker: who was removed comes back by their own link.',
    file: 'lib/connections/consent-link-open.ts',
    edits: [{ find: "if (row.revokedAt || «!stands(row)») return 'withdrawn'", instead: 'false' }],
    noticedBy: unit(
      links,
      'is a link whose maker was removed, or may no longer manage connections',
    ),
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
        find: 'if («!sameContext(context, expected)») {',
        instead: 'false',
      },
    ],
    noticedBy: unit('lib/vault/seal.test.ts', 'is refused as that of another connection'),
  },
];
