// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is looked for has them
import type { CodeMutant } from '../mutant';

/** Mutants of background work: who may ask for it, and for whom it is done. */

const outbox = 'lib/jobs/outbox.test.ts';

export const jobMutants: readonly CodeMutant[] = [
  {
    kind: 'code',
    name: 'job-of-any-tenant',
    class: 'job: a forged event',
    taken: 'An event whose tenant is not that of its job is let through.',
    file: 'lib/jobs/outbox.ts',
    edits: [{ find: '!job || «job.tenantId !== claimed.tenantId» ||', instead: 'false' }],
    noticedBy: {
      file: outbox,
      title: 'that names another tenant is refused, and on the record of the tenant it is about',
    },
  },
  {
    kind: 'code',
    name: 'worker-trusts-payload',
    class: 'job: the worker trusts the payload',
    taken: 'The worker takes the tenant from the event, not from the job’s row.',
    file: 'lib/jobs/outbox.ts',
    edits: [
      { find: '!job || «job.tenantId !== claimed.tenantId» ||', instead: 'false' },
      {
        find: `    context: {
      tenantId: «job.tenantId»,`,
        instead: 'claimed.tenantId as TenantId',
      },
    ],
    noticedBy: {
      file: outbox,
      title: 'that names another tenant is refused, and on the record of the tenant it is about',
    },
  },
  {
    kind: 'code',
    name: 'job-of-any-kind',
    class: 'job: a forged event',
    taken: 'The kind of a job: an event of another kind makes a function work on it.',
    file: 'lib/jobs/outbox.ts',
    edits: [{ find: '|| «job.kind !== event.name») {', instead: 'false' }],
    noticedBy: {
      file: outbox,
      title:
        'of another kind than its row is refused, so that no function does the work of another',
    },
  },
  {
    kind: 'code',
    name: 'forgery-unrecorded',
    class: 'job: a forged event',
    taken: 'The record of a forged event.',
    file: 'lib/jobs/outbox.ts',
    edits: [{ find: 'if («tenantId !== undefined») {', instead: 'false' }],
    noticedBy: {
      file: outbox,
      title: 'that does not exist is refused, and on the record of the tenant it names',
    },
  },
  {
    kind: 'code',
    name: 'event-carries-more',
    class: 'job: an event carries ids only',
    taken: 'An event carries who asked for the work besides its ids.',
    file: 'lib/jobs/relay.ts',
    edits: [
      {
        find: '.map(({ id, tenantId, kind }) => («{ id, name: kind, data: { jobId: id, tenantId } }»));',
        instead:
          "{ id, name: kind, data: { jobId: id, tenantId, requestedBy: 'jo@harbour.example' } }",
      },
    ],
    noticedBy: {
      file: outbox,
      title: 'asked for in a transaction reaches its function with nothing but ids',
    },
  },
  {
    kind: 'code',
    name: 'notification-carries-more',
    class: 'sql: shared NOTIFY channels and advisory-lock keys',
    taken: 'The notification of new work, which every role can listen to, says what it is about.',
    file: 'lib/jobs/outbox.ts',
    edits: [
      {
        find: "await tx.execute(«sql`select pg_notify(${engine.outboxChannel}, '')`»);",
        instead: 'sql`select pg_notify(${engine.outboxChannel}, ${`${tenantId} ${subjectId}`})`',
      },
    ],
    noticedBy: {
      file: 'e2e/isolation/sql-neighbours.spec.ts',
      title: 'notifications carry nothing, whoever listens',
    },
  },
  {
    kind: 'code',
    name: 'functions-open-to-all',
    class: 'app: webhook → tenant mapping',
    taken: 'The address by which Inngest calls functions answers although Inngest is not used.',
    file: 'lib/jobs/serve.ts',
    edits: [{ find: "if («jobsMode() === 'embedded'») throw notFound();", instead: 'false' }],
    noticedBy: {
      file: 'lib/jobs/embedded-mode.test.ts',
      title: 'the public address finds nothing, whatever is asked of it',
    },
  },
  {
    kind: 'code',
    name: 'inngest-dev-in-production',
    class: 'job: INNGEST_DEV in production',
    taken: 'A production starts with INNGEST_DEV, which switches off the check of signatures.',
    file: 'lib/jobs/mode.ts',
    edits: [
      {
        find: "if («env.TENANTRY_MODE === 'production' && env.INNGEST_DEV !== undefined») {",
        instead: 'false',
      },
    ],
    noticedBy: {
      file: 'lib/jobs/inngest-mode.test.ts',
      title: 'with INNGEST_DEV is refused in production',
    },
  },
  {
    kind: 'code',
    name: 'turns-without-tenant',
    class: 'job: one tenant’s work holds up another’s',
    taken: 'The tenant in whose turn a run is: all stand in one queue.',
    file: 'lib/jobs/routing.ts',
    edits: [
      {
        find: 'return «tenant === undefined ? `function:${functionId}` : keyOf(tenant)»;',
        instead: "'everybody'",
      },
    ],
    noticedBy: {
      file: 'lib/jobs/limits.test.ts',
      title: 'lets one job of a tenant pass the long queue of another',
    },
  },
  {
    kind: 'code',
    name: 'suspended-runs-on',
    class: 'job: work of a tenant that is suspended',
    taken: 'Runs of a suspended organisation are carried out.',
    file: 'lib/connections/find.ts',
    edits: [{ find: "if («tenantState !== 'active' && !closing») {", instead: 'false' }],
    noticedBy: {
      file: 'lib/connections/suspended.test.ts',
      title: 'work under way stops at its next call, and goes on once the organisation is back',
    },
  },
  {
    kind: 'code',
    name: 'errors-quote-values',
    class: 'sql: error detail in logs',
    taken: 'PostgreSQL’s detail is left out of errors: it quotes the values of rows.',
    file: 'db/errors.ts',
    edits: [{ find: 'super(«error.message»);', instead: '`${error.message} ${error.detail}`' }],
    noticedBy: {
      file: 'db/errors.test.ts',
      title: 'carries no value of the row that was refused, in anything that a log would print',
    },
  },
];
