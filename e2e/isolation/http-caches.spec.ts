import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Agent, request as send } from 'node:http';
import { join } from 'node:path';
import { addressOf, type ListedEndpoint, listed, nameOf } from '../support/endpoints';
import { ask } from '../support/isolation/ask';
import type { Cast, Tenant } from '../support/isolation/cast';
import { expect, test } from '../support/isolation/fixtures';
import { read, readable, ways } from '../support/isolation/reading';
import { sessionCookie } from '../support/isolation/token';
import { each, idIn, inputFor } from '../support/isolation/walk';
import { root, type TestServer } from '../support/server';

/** What is kept between two answers: by the build, by proxies, by the server, by connections. */

test.setTimeout(480_000);

test('no page of anybody is made ahead of time, or kept after', ({ report }) => {
  const pages = new Set(listed().endpoints.map(addressOf));
  const manifest = (name: string) =>
    JSON.parse(readFileSync(join(root, '.next', name), 'utf8')) as {
      routes: Record<string, { initialRevalidateSeconds: number | false }>;
      dynamicRoutes: Record<string, unknown>;
    };
  const { routes, dynamicRoutes } = manifest('prerender-manifest.json');
  expect(Object.keys(routes).filter((path) => pages.has(path))).toEqual([]);
  expect(dynamicRoutes).toEqual({});
  const kept = Object.entries(routes).filter(([, one]) => one.initialRevalidateSeconds !== false);
  expect(kept).toEqual([]);
  const built = readdirSync(join(root, '.next/server/app'), { recursive: true, encoding: 'utf8' });
  const files = built.filter((file) => /\.(?:html|rsc|body|meta)$/.test(file));
  expect(files.filter((file) => !/^(?:_not-found|_global-error|icon|404|500)/.test(file))).toEqual(
    [],
  );
  // What a running server has kept of answers to its own questions.
  expect(existsSync(join(root, '.next/cache/fetch-cache'))).toBe(false);
  report({
    attack: 'cache: ISR and prerendering',
    cases: Object.keys(routes).length + files.length,
    tried:
      'The build’s manifests and files were read: no page or route of ours is made before it is asked for, none is kept.',
  });
});

test('every answer says that nobody may keep it', async ({ cast, report }) => {
  const { attacker } = cast;
  const { owner } = attacker.members;
  const cases = readable('tenant').flatMap((endpoint) =>
    Object.entries(endpoint.form === 'page' ? ways : { document: {} }).map(([way, headers]) => ({
      endpoint,
      way,
      headers,
    })),
  );
  const wrong = await each(cases, async ({ endpoint, way, headers }) => {
    const answer = await read(cast, owner, endpoint, attacker.world, headers);
    const control = answer.headers['cache-control'] ?? '';
    const where = `${nameOf(endpoint)} (${way})`;
    const kept = !/\bno-store\b/.test(control) || /\bpublic\b|s-maxage/.test(control);
    const validators = ['etag', 'last-modified', 'age', 'expires'].filter(
      (name) => name in answer.headers,
    );
    // A document, a move and a prefetch have one address.
    const blurred = endpoint.form === 'page' && !/\brsc\b/i.test(answer.headers.vary ?? '');
    return [
      ...(kept ? [`${where}: Cache-Control is ${control}`] : []),
      ...(validators.length > 0 ? [`${where}: has ${validators.join(', ')}`] : []),
      ...(blurred ? [`${where}: Vary is ${answer.headers.vary}`] : []),
    ];
  });
  expect(wrong.flat()).toEqual([]);
  report({
    attack: 'cache: CDN, RSC and Vary',
    cases: cases.length,
    tried:
      'Every page (as a document, a move and a prefetch) and every route was read: each says no-store and has nothing to be revalidated by, and pages tell their forms apart.',
  });
});

const times = 500;

/** A page or route as one tenant's owner asks for it. */
function pathFor(endpoint: ListedEndpoint, { world }: Tenant, { outbox }: Cast): string {
  return inputFor(endpoint, { world, id: (kind) => idIn(world, kind, outbox) }).path;
}

test('two tenants who ask at the same time each get their own', async ({ cast, report }) => {
  const { attacker, victim } = cast;
  const endpoints = readable('tenant');
  const forms = Object.values(ways);
  const cases = Array.from({ length: times }, (_, at) => {
    const endpoint = endpoints[(at >> 1) % endpoints.length] as ListedEndpoint;
    const tenant = at % 2 === 0 ? attacker : victim;
    const headers = endpoint.form === 'page' ? (forms[at % forms.length] ?? {}) : {};
    return { endpoint, tenant, other: tenant === attacker ? victim : attacker, headers };
  });
  const wrong = await each(
    cases,
    async ({ endpoint, tenant, other, headers }) => {
      const { body } = await read(cast, tenant.members.owner, endpoint, tenant.world, headers);
      return body.includes(other.mark) || body.includes(other.id) ? [nameOf(endpoint)] : [];
    },
    24,
  );
  expect(wrong.flat()).toEqual([]);
  report({
    attack: 'cache: two tenants interleaved',
    cases: times,
    tried: `Owners of two tenants asked for every page (as a document, a move, a prefetch) and route in turn, ${times} times, 24 at once: nobody got a word of the other’s.`,
  });
});

/** Begin a request, and hang up in the middle of its answer. */
function hangUp(server: TestServer, path: string, session: string | null, after: number) {
  return new Promise<void>((resolve) => {
    const asking = send({
      ...{ host: '127.0.0.1', port: server.port, path, agent: false },
      headers: { cookie: `${sessionCookie}=${session}`, host: `localhost:${server.port}` },
    });
    asking.on('response', (answer) => {
      let got = 0;
      answer.on('error', () => resolve()).on('close', () => resolve());
      answer.on('data', (chunk: Buffer) => {
        got += chunk.length;
        if (got >= after) asking.destroy();
      });
    });
    asking.on('error', () => resolve()).on('close', () => resolve());
    asking.end();
    if (after === 0) setImmediate(() => asking.destroy());
  });
}

test('an answer that was broken off leaves nothing to the next who asks', async ({
  cast,
  report,
  server,
}) => {
  const { attacker, victim } = cast;
  const endpoints = readable('tenant');
  const cases = endpoints.flatMap((endpoint) =>
    [0, 1, 4_000].map((after) => ({ endpoint, after })),
  );
  const wrong = await each(
    cases,
    async ({ endpoint, after }) => {
      const { session } = victim.members.owner.facts;
      const broken = hangUp(server, pathFor(endpoint, victim, cast), session, after);
      const answer = await read(cast, attacker.members.owner, endpoint, attacker.world);
      await broken;
      const next = await read(cast, attacker.members.owner, endpoint, attacker.world);
      return [answer, next].some(({ body }) => body.includes(victim.mark))
        ? [nameOf(endpoint)]
        : [];
    },
    12,
  );
  expect(wrong.flat()).toEqual([]);
  report({
    attack: 'cache: aborted requests',
    cases: cases.length,
    tried:
      'The victim’s owner hung up before, at the beginning and in the middle of every answer, while the attacker’s asked for the same.',
  });
});

test('two sessions on one connection are two', async ({ cast, report, server }) => {
  const { attacker, victim, others } = cast;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const callers = [
    { session: victim.members.owner.facts.session, tenant: victim },
    { session: attacker.members.owner.facts.session, tenant: attacker },
    { session: others.nobody.facts.session, tenant: undefined },
  ];
  const paths = ['/api/resources', '/overview', '/api/runs', '/members'];
  let cases = 0;
  for (const path of [...paths, ...paths]) {
    for (const { session, tenant } of callers) {
      cases += 1;
      const headers: Record<string, string> = {};
      if (session) headers.cookie = `${sessionCookie}=${session}`;
      const { status, body } = await ask(server, path, { agent, headers });
      expect(status, path).toBe(tenant ? 200 : path.startsWith('/api') ? 401 : 307);
      for (const each of [attacker, victim]) {
        expect(body.includes(each.mark), `${path} ${each.mark}`).toBe(each === tenant);
      }
    }
  }
  agent.destroy();
  report({
    attack: 'cache: one connection, several sessions',
    cases,
    tried:
      'The victim, the attacker and nobody asked in turn over a single connection, as behind a proxy.',
  });
});
