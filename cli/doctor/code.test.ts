import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { inspectCode } from './code';

const trees: string[] = [];
afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});

const sound: Readonly<Record<string, string>> = {
  'proxy.ts': "headers.set('content-security-policy', policy);",
  'lib/headers/policy.ts': "const p = `script-src 'nonce-' + n + 'strict-dynamic'`;",
  'lib/env.ts': 'export const env = process.env;',
  'db/tenant.ts': "import { Pool } from 'pg'; import { sql } from 'drizzle-orm';",
  'lib/providers/google/client.ts': "import { gmail } from '@googleapis/gmail';",
  'app/page.tsx':
    "import { publicPage } from '@/lib/access';\nexport const metadata = {};\nexport default publicPage({}, async () => null);",
  'app/(tenant)/things/page.tsx':
    "import { tenantPage as declared } from '@/lib/access';\nconst page = declared({ permission: 'runs:read' }, async () => null);\nexport default page;",
  'app/api/things/route.ts':
    "import { tenantRoute } from '@/lib/access';\nexport const dynamic = 'force-dynamic';\nexport const GET = tenantRoute({ permission: 'runs:read' }, async () => null);",
  'app/things/actions.ts':
    "'use server';\nimport { tenantAction } from '@/lib/access';\nexport type Kind = 'a';\nexport const act = tenantAction({ permission: 'runs:start', input }, async () => null);",
  'app/api/auth/[...nextauth]/route.ts': 'export const { GET, POST } = handlers;',
  'instrumentation.ts': "if (process.env.NEXT_RUNTIME === 'nodejs') start();",
  'lib/things/things.test.ts': "import { Client } from 'pg'; process.env.X = 'y';",
  'cli/things.ts': 'const x = process.env.X;',
  'lib/things/job.ts':
    "inngest.createFunction({ triggers: [{ event: 'x/y' }], concurrency: { key: 'event.data.tenantId' }, onFailure: ({ event }) => fail(jobContext(event.data.event)) }, run);",
  'lib/things/wake.ts': "await inngest.send({ id, name: 'things/changed', data: {} });",
  'lib/things/clock.ts':
    "inngest.createFunction({ triggers: [{ event: 'things/changed' }] }, async ({ step }) => look(step));",
  'lib/things/load.ts': "await fetch(url, { cache: 'no-store' });",
};

/** The findings in a sound tree with these changes. */
function findingsWith(changes: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'tenantry-doctor-'));
  trees.push(root);
  for (const [path, text] of Object.entries({ ...sound, ...changes })) {
    if (text === '') continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return inspectCode(root).flatMap(({ findings }) =>
    findings.map(({ where, problem }) => `${where}: ${problem}`),
  );
}

describe('inspectCode', () => {
  it('passes a sound tree', () => {
    expect(findingsWith({})).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a route handler without a wrapper',
      { 'app/api/x/route.ts': 'export async function GET() { return new Response(); }' },
      'app/api/x/route.ts:1',
    ],
    [
      'a second method without a wrapper',
      {
        'app/api/x/route.ts':
          "import { tenantRoute } from '@/lib/access';\nexport const GET = tenantRoute({ permission: 'runs:read' }, f);\nexport const POST = async () => null;",
      },
      'app/api/x/route.ts:3',
    ],
    [
      'a wrapper of the same name from elsewhere',
      {
        'app/api/x/route.ts':
          "import { tenantRoute } from './mine';\nexport const GET = tenantRoute({ permission: 'runs:read' }, f);",
      },
      'app/api/x/route.ts:2',
    ],
    [
      'a handler that is exported from elsewhere',
      { 'app/api/x/route.ts': "export { GET } from './elsewhere';" },
      'exported from elsewhere',
    ],
    [
      'handlers that are exported all at once from elsewhere',
      { 'app/api/x/route.ts': "export * from './elsewhere';" },
      'exported from elsewhere',
    ],
    [
      'a wrapper without its permission',
      {
        'app/api/x/route.ts':
          "import { tenantRoute } from '@/lib/access';\nexport const GET = tenantRoute({ query }, f);",
      },
      'without its permission',
    ],
    [
      'a page without a wrapper',
      { 'app/x/page.tsx': 'export default async function Page() { return null; }' },
      'app/x/page.tsx:1',
    ],
    [
      'a page with a route’s wrapper',
      {
        'app/x/page.tsx':
          "import { publicRoute } from '@/lib/access';\nexport default publicRoute({}, f);",
      },
      'app/x/page.tsx:2',
    ],
    [
      'a server action without a wrapper',
      { 'lib/x/actions.ts': "'use server';\nexport async function act() {}" },
      'lib/x/actions.ts:2',
    ],
    [
      'a server action inside a page',
      {
        'app/page.tsx':
          "import { publicPage } from '@/lib/access';\nexport default publicPage({}, async () => {\n  async function act() {\n    'use server';\n  }\n});",
      },
      'app/page.tsx:4',
    ],
    [
      'the ORM outside db/',
      { 'lib/x/query.ts': "import { eq } from 'drizzle-orm';" },
      'lib/x/query.ts:1: drizzle-orm',
    ],
    [
      'the ORM outside db/, whatever the linter was told',
      { 'lib/x/query.ts': "// biome-ignore lint: x\nexport { eq } from 'drizzle-orm';" },
      'lib/x/query.ts:2: drizzle-orm',
    ],
    [
      'a driver loaded on demand',
      { 'app/x/load.ts': "const pg = await import('pg');" },
      'app/x/load.ts:1: pg',
    ],
    [
      'a driver loaded by require',
      { 'cli/load.ts': "const pg = require('postgres');" },
      'cli/load.ts:1: postgres',
    ],
    [
      'a provider’s SDK outside lib/providers/',
      { 'lib/x/mail.ts': "import { gmail } from '@googleapis/gmail';" },
      'lib/x/mail.ts:1: @googleapis/gmail',
    ],
    [
      'a stand-in in the product',
      { 'lib/x/fake.ts': "import { start } from '@/emulators/google';" },
      'lib/x/fake.ts:1: @/emulators/google',
    ],
    [
      'unstable_cache',
      { 'lib/x/cached.ts': "import { unstable_cache } from 'next/cache';" },
      'lib/x/cached.ts:1',
    ],
    [
      '’use cache’',
      { 'lib/x/cached.ts': "export async function names() {\n  'use cache';\n}" },
      'lib/x/cached.ts:2',
    ],
    [
      'components that are cached',
      { 'next.config.mjs': 'export default { cacheComponents: true };' },
      'next.config.mjs:1',
    ],
    [
      'a fetch whose answer is kept',
      { 'lib/x/load.ts': "await fetch(url, { cache: 'force-cache' });" },
      'lib/x/load.ts:1',
    ],
    [
      'a fetch whose answer is kept for a while',
      { 'lib/x/load.ts': 'await fetch(url, { next: { revalidate: 60 } });' },
      'lib/x/load.ts:1',
    ],
    [
      'a page that is made once for all',
      {
        'app/page.tsx':
          "import { publicPage } from '@/lib/access';\nexport const revalidate = 60;\nexport default publicPage({}, async () => null);",
      },
      'app/page.tsx:2',
    ],
    [
      'an event that is sent past the outbox',
      { 'lib/x/tell.ts': "import { inngest } from '@/lib/jobs';\nawait inngest.send({ name });" },
      'lib/x/tell.ts:2',
    ],
    [
      'a step that sends an event',
      { 'lib/x/tell.ts': "import 'inngest';\nawait step.sendEvent('tell', { name });" },
      'lib/x/tell.ts:2',
    ],
    [
      'a job that believes its event',
      {
        'lib/x/job.ts':
          "inngest.createFunction({ triggers: [{ event: 'x/y' }] }, async ({ event }) => {\n  await jobContext(event);\n  return work(event.data.tenantId);\n});",
      },
      'lib/x/job.ts:3',
    ],
    [
      'a job that asks for no row of its own',
      {
        'lib/x/job.ts':
          "inngest.createFunction({ triggers: [{ event: 'x/y' }] }, async ({ event }) => event.name);",
      },
      'lib/x/job.ts: A job is carried out',
    ],
    ['process.env', { 'lib/x/config.ts': 'const x = process.env.SECRET;' }, 'lib/x/config.ts:1'],
    [
      'process.env by import',
      { 'lib/x/config.ts': "import { env } from 'node:process';" },
      'lib/x/config.ts:1',
    ],
    [
      'a missing policy',
      { 'proxy.ts': 'export function proxy() {}' },
      'proxy.ts: It sets no policy',
    ],
    [
      'a loose policy',
      { 'lib/headers/policy.ts': "const p = `script-src 'self' 'unsafe-inline'`;" },
      'lib/headers/policy.ts',
    ],
  ])('finds %s', (_what, changes, expected) => {
    const findings = findingsWith(changes);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(expected);
  });

  it('is not misled by comments', () => {
    const text = '// process.env is read elsewhere; unstable_cache is banned\n/* process.env */';
    expect(findingsWith({ 'lib/x/words.ts': text })).toEqual([]);
  });

  it('passes this very code', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const results = inspectCode(root);
    expect(results.flatMap(({ findings }) => findings)).toEqual([]);
  });
});
