// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is looked for has them
import type { CodeMutant, SourceMutant } from '../mutant';

/** Mutants of whatever is kept to be used again: on the server, on connections, in the browser. */

const examined = { file: 'cli/doctor/code.test.ts', title: 'passes this very code' };

const code: readonly CodeMutant[] = [
  {
    kind: 'code',
    name: 'context-cached-without-tenant',
    class: 'cache: KV keys',
    taken: 'The tenant in the key under which signed contexts are kept.',
    file: 'db/context-token.ts',
    edits: [
      {
        find: 'const known = «signed.get(tenantId)» ?? earlier',
        instead: 'signed.values().next().value',
      },
    ],
    noticedBy: {
      file: 'db/context-token.test.ts',
      title: 'is of the tenant it was asked for, however often one is used again',
    },
  },
  {
    kind: 'code',
    name: 'key-cached-without-tenant',
    class: 'cache: KV keys',
    taken: 'The tenant’s own key in the key under which unwrapped ones are kept.',
    file: 'lib/vault/unwrapped.ts',
    edits: [
      {
        find: 'const hit = «unwrapped.get(row.wrapped)»;',
        instead: 'unwrapped.values().next().value',
      },
    ],
    noticedBy: {
      file: 'lib/vault/seal.test.ts',
      title: 'is under the key of its own tenant, whoever’s was used before',
    },
  },
  {
    kind: 'code',
    name: 'statement-name-cut',
    class: 'cache: KV keys',
    taken: 'The whole of a statement in the name it is kept under: its beginning has to do.',
    file: 'db/wire/names.ts',
    edits: [{ find: "createHash('sha256').update(«text»)", instead: 'text.slice(0, 8)' }],
    noticedBy: {
      file: 'db/wire/copies.test.ts',
      title:
        'statements that copies of the module name for themselves are not taken for one another',
    },
  },
  {
    kind: 'code',
    name: 'plan-without-tenant',
    class: 'cache: KV keys',
    taken: 'A query is prepared once for all although it does not bind its tenant.',
    file: 'db/tenant-query.ts',
    edits: [
      {
        find: "!(prepared instanceof DoorPreparedQuery) || «!prepared.binds('tenantId')»",
        instead: 'false',
      },
    ],
    noticedBy: {
      file: 'db/tenant.test.ts',
      title: 'refuses a prepared query that does not bind its tenant',
    },
  },
  {
    kind: 'code',
    name: 'doors-send-any-command',
    class: 'sql: what is left on a connection',
    taken: 'The doors send PREPARE, DEALLOCATE and SET, and keep the connection afterwards.',
    file: 'db/wire/commands.ts',
    edits: [
      { find: 'if («harmless.test(text)») return;', instead: 'true' },
      { find: "const nothing = «tags.has(tag.split(' ', 1)[0] ?? '')»;", instead: 'true' },
    ],
    noticedBy: {
      file: 'e2e/isolation/sql-leftovers.spec.ts',
      title: 'what one request leaves on a connection of the doors reaches no other',
    },
  },
  {
    kind: 'code',
    name: 'changed-connection-used-again',
    class: 'sql: what is left on a connection',
    taken: 'A connection whose settings were changed is given to the next request.',
    file: 'db/wire/soiled.ts',
    edits: [{ find: '(client as Marked)[key] = «true»;', instead: 'undefined as never' }],
    noticedBy: {
      file: 'db/leftovers.test.ts',
      title: 'the next request gets another connection after a single statement',
    },
  },
  {
    kind: 'code',
    name: 'neighbours-on-a-changed-connection',
    class: 'sql: what is left on a connection',
    taken: 'Reads that ride behind one that has changed their connection are answered by it.',
    file: 'db/wire/lane.ts',
    edits: [{ find: 'if («outcome.broken || !isClean(client)») {', instead: 'false' }],
    noticedBy: {
      file: 'db/wire/lane.test.ts',
      title: 'are answered elsewhere once one of them has changed a setting',
    },
  },
  {
    kind: 'code',
    name: 'aborted-connection-used-again',
    class: 'cache: aborted requests',
    taken:
      'The connection of a transaction that was aborted is given to the next request, open as it is.',
    file: 'db/wire/transaction.ts',
    edits: [
      {
        find: 'this.#held?.release(«broken || !isClean(this.#held.client) ? reason() : undefined»);',
        instead: 'undefined',
      },
    ],
    noticedBy: {
      file: 'db/aborted.test.ts',
      title: 'the connection of a transaction that was aborted under way is given to nobody',
    },
  },
  {
    kind: 'code',
    name: 'member-kept-for-all',
    class: 'cache: React’s per-request cache',
    taken: 'Who asks is found out once for the process, not once for the request.',
    file: 'lib/access/caller.ts',
    edits: [
      {
        find: 'const memberOnce = «cache»(async',
        instead:
          '<T,>(find: () => Promise<T>) => { let kept: Promise<T> | undefined; return () => (kept ??= find()); }',
      },
    ],
    noticedBy: {
      file: 'e2e/isolation/http-extra.spec.ts',
      title: 'two people who ask one after the other are each answered for themselves',
    },
  },
  {
    kind: 'code',
    name: 'answers-may-be-kept',
    class: 'cache: ISR, CDN and RSC Vary',
    taken: 'no-store on answers: what stands between us and a browser may keep them for others.',
    file: 'lib/access/route.ts',
    edits: [
      {
        find: "const headers = { 'cache-control': «'no-store'», 'x-request-id': requestId };",
        instead: "'public, max-age=60'",
      },
    ],
    noticedBy: {
      file: 'e2e/refusals.spec.ts',
      title: 'every kind of answer carries the headers that protect it',
    },
  },
  {
    kind: 'code',
    name: 'store-not-emptied',
    class: 'cache: TanStack on a tenant switch',
    taken: 'The store of answers is left as it was when one goes on to another organisation.',
    file: 'components/shell/query-scope.tsx',
    edits: [{ find: 'useEffect(() => () => «client.clear()», [client]);', instead: 'undefined' }],
    noticedBy: {
      file: 'e2e/isolation/http-extra.spec.ts',
      title: 'going on to another organisation leaves nothing of the last one on the page',
    },
  },
  {
    kind: 'code',
    name: 'page-kept-for-going-back',
    class: 'cache: bfcache',
    taken: 'A page that the browser has kept is shown again as it was, whoever is there by now.',
    file: 'components/shell/fresh-after-back.tsx',
    edits: [{ find: 'if («event.persisted») window', instead: 'false' }],
    noticedBy: {
      file: 'e2e/isolation/http-extra.spec.ts',
      title: 'a page that the browser kept to go back to is loaded anew',
    },
  },
];

const sources: readonly SourceMutant[] = [
  {
    kind: 'source',
    name: 'unstable-cache',
    class: 'cache: unstable_cache closures',
    taken:
      'A list is kept by unstable_cache, whose key knows nothing of the tenant it closes over.',
    file: 'lib/automations/manage/read.ts',
    find: `export function automationNames(context: TenantContext) {
  return tenantDb(context)
    .select({ id: automations.id, name: automations.name })
    .from(automations)
    .where(eq(automations.tenantId, context.tenantId))
    .orderBy(asc(automations.name))
    .limit(500);
}`,
    instead: `export function automationNames(context: TenantContext) {
  return unstable_cache(
    async () =>
      tenantDb(context)
        .select({ id: automations.id, name: automations.name })
        .from(automations)
        .where(eq(automations.tenantId, context.tenantId)),
    ['automation-names'],
  )();
}`,
    noticedBy: examined,
  },
  {
    kind: 'source',
    name: 'use-cache',
    class: "cache: 'use cache' loses the request",
    taken: "A list is kept by 'use cache', in which the request and its tenant are lost.",
    file: 'lib/audit/browse.ts',
    find: `): Promise<Slice<AuditEventRow>> {
  const before`,
    instead: `): Promise<Slice<AuditEventRow>> {
  'use cache';
  const before`,
    noticedBy: examined,
  },
];

export const cacheMutants = [...code, ...sources];
