// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is looked for has them
import type { CodeMutant } from '../mutant';
import { browser, unit } from './named';

/** What is sent: to actions, in addresses and headers, and what comes of it. */
export const requests: readonly CodeMutant[] = [
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
    name: 'head-carried-out',
    class: 'app: requests that look harmless',
    taken: 'The refusal of HEAD: what GET does is done, and counts as an export that nobody got.',
    file: 'lib/access/head.ts',
    edits: [{ find: "if («method !== 'HEAD' || answered») return;", instead: 'true' }],
    noticedBy: unit(
      'lib/access/head.test.ts',
      'is refused with the method that there is, and nothing is made or put on record',
    ),
  },
  {
    kind: 'code',
    name: 'head-uses-up',
    class: 'app: requests that look harmless',
    taken: 'The refusal of HEAD to anybody: a look at a link uses up what a provider answered.',
    file: 'lib/access/head.ts',
    edits: [{ find: "&& «endpoint.head !== 'refused'»;", instead: 'true' }],
    noticedBy: unit(
      'lib/access/head.test.ts',
      'a public HEAD is refused where GET may be carried out once only',
    ),
  },
  {
    kind: 'code',
    name: 'head-tells-endpoints',
    class: 'app: requests that look harmless',
    taken: 'The look at who asks, before HEAD is refused: anybody learns what endpoints there are.',
    file: 'lib/access/route.ts',
    edits: [
      {
        find: 'const who = await «caller(asked)»;',
        instead: "request.method === 'HEAD' ? undefined : caller(asked)",
      },
    ],
    noticedBy: unit(
      'lib/access/head.test.ts',
      'says no more than GET to whoever may not know of it',
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
        find: "if («error.code === 'unauthenticated'») return leadTo('/sign-in');",
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
        find: "return «leadTo('/sign-in')»;",
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
