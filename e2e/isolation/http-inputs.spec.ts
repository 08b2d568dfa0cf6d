import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { listed, type Sent } from '../support/endpoints';
import { makeTenant } from '../support/isolation/cast';
import { denialsWritten } from '../support/isolation/denials';
import { expect, test } from '../support/isolation/fixtures';
import { worldFor } from '../support/isolation/ready';
import { call, each, idIn } from '../support/isolation/walk';
import type { TestServer } from '../support/server';

/** What people type and what browsers say: where it must not lead, and what it must not become. */

test.setTimeout(480_000);

/** A server that nobody has business with. */
async function bait() {
  const visits: string[] = [];
  const server = createServer((request, response) => {
    visits.push(`${request.method} ${request.headers.host}${request.url}`);
    response.end('bait');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    visits,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Names of the texts at the top of a schema, those with fixed values left out. */
const texts = (schema: Sent | undefined) =>
  Object.entries(schema?.properties ?? {}).flatMap(([name, each]) =>
    each.type === 'string' && !each.enum && !each.const && !each.idKind ? [name] : [],
  );

test('no input leads the server to another address', async ({ cast, report }) => {
  const { attacker, pool, outbox, others } = cast;
  const trap = await bait();
  const address = `http://${trap.host}/secret`;
  const { owner } = attacker.members;
  let cases = 0;
  // Every text that anything takes.
  await each(listed().endpoints, async (endpoint) => {
    const world = await worldFor(pool, endpoint, attacker);
    for (const name of texts(endpoint.body)) {
      cases += 1;
      // To be signed out here would end what comes after.
      const caller = endpoint.audience === 'tenant' ? owner : others.nobody;
      await call(caller, endpoint, {
        world,
        id: (kind) => idIn(world, kind, outbox),
        extra: { [name]: address, url: address, host: trap.host, callbackUrl: address },
      });
    }
    if (endpoint.form === 'action') return;
    const query = new URLSearchParams(
      [...texts(endpoint.query), 'url', 'next', 'redirect_uri', 'callbackUrl', 'iss', 'code'].map(
        (name) => [name, address],
      ),
    );
    cases += 1;
    await owner.ask(
      `/${endpoint.file
        .split('/')
        .slice(1, -1)
        .filter((part) => !part.startsWith('('))
        .join('/')}?${query}`,
    );
  });
  // What the framework itself may ask for, on somebody's word.
  const paths = [
    `/_next/image?url=${encodeURIComponent(address)}&w=64&q=75`,
    `//${trap.host}/secret`,
    `/\\${trap.host}/secret`,
    `/api/auth/callback/google?iss=${encodeURIComponent(address)}&code=x&state=x`,
    `/api/auth/signin?callbackUrl=${encodeURIComponent(address)}`,
    `/sign-in?next=${encodeURIComponent(address)}`,
  ];
  for (const path of paths) {
    const answer = await owner.ask(path);
    const away = new RegExp(`^(?:[a-z]+:)?[/\\\\]{2,}${trap.host}`);
    expect(answer.headers.location ?? '', path).not.toMatch(away);
  }
  // Headers that name a host, on reads and on actions that lead elsewhere and draw that page.
  const names = ['host', 'x-forwarded-host', 'forwarded', 'origin', 'referer', 'x-original-url'];
  for (const name of names) {
    const headers = { [name]: name === 'forwarded' ? `host=${trap.host}` : trap.host };
    await owner.ask('/overview', { headers });
    const enter = 'app/(site)/sign-in/actions.ts#enterOrganisation';
    const answer = await owner.act(
      enter,
      { tenantId: attacker.id, next: address },
      { ...headers, origin: `http://${headers.host ?? `localhost:${cast.server.port}`}` },
    );
    expect(JSON.stringify(answer.headers), name).not.toContain(trap.host);
  }
  await trap.close();
  expect(trap.visits).toEqual([]);
  report({
    attack: 'app: SSRF',
    cases: cases + paths.length + names.length * 2,
    tried:
      'The address of a server of ours stood in every text, in queries and in headers: nobody called there, and nothing led there.',
  });
});

/** Send bytes that no library would. */
function raw({ port }: TestServer, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request, 'latin1'));
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk;
    });
    // What it did not want to hear to its end it may break off, once it has heard enough.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(answer));
  });
}

/** Whole lines of the log: what begins before, and what is still being written, is left out. */
function linesSince(server: TestServer, from: number): readonly string[] {
  const said = server.output();
  const begins = from === 0 || said[from - 1] === '\n' ? from : said.indexOf('\n', from) + 1;
  return said.slice(begins, said.lastIndexOf('\n')).split('\n').filter(Boolean);
}

test('nothing that is sent makes a line of the log its own', async ({ cast, report, server }) => {
  const { attacker, others } = cast;
  const from = server.output().length;
  const line = '{"level":"fatal","msg":"forged-line","request_id":"forged-request"}';
  const breaks = ['\r\n', '\n', '\r', '\u2028', '\u0085', '\u001b[2K\u001b[1G', '\0', '\\n'];
  for (const each of breaks) {
    const text = `x${each}${line}`;
    await attacker.members.viewer.ask(
      `/runs/${encodeURIComponent(text)}?q=${encodeURIComponent(text)}`,
    );
    await others.nobody.act('app/(site)/sign-in/actions.ts#signIn', {
      email: text,
      password: text,
    });
    await attacker.members.owner.act('app/(tenant)/members/actions.ts#invite', {
      email: text,
      role: text,
    });
    await others.nobody.ask('/api/auth/callback/credentials', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ email: text, password: text, csrfToken: text }).toString(),
    });
    for (const name of ['user-agent', 'x-request-id', 'x-forwarded-for', 'x-tenant-id']) {
      const session = `tenantry.session=${attacker.members.viewer.facts.session}`;
      await raw(
        server,
        `GET /api/runs HTTP/1.1\r\nhost: localhost\r\ncookie: ${session}\r\n${name}: ${text}\r\nconnection: close\r\n\r\n`,
      );
    }
  }
  await others.nobody.ask('/api/runs', { headers: { 'x-request-id': 'the-last-line' } });
  await expect.poll(() => linesSince(server, from).join('\n')).toContain('the-last-line');
  const lines = linesSince(server, from);
  expect(lines.length).toBeGreaterThan(20);
  const wrong = lines.filter((each) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/.test(each)) return true;
    try {
      const parsed = JSON.parse(each) as Record<string, unknown>;
      return parsed.msg === 'forged-line' || parsed.request_id === 'forged-request';
    } catch {
      return true;
    }
  });
  expect(wrong).toEqual([]);
  report({
    attack: 'app: log injection',
    cases: breaks.length * 8,
    tried:
      'Line breaks of all kinds, terminal codes and zero bytes stood in addresses, bodies and headers: each line of the log is one JSON object of ours.',
  });
});

/** Attempts counted by one key; `expire` is when it begins anew. */
interface Bucket {
  readonly key: string;
  readonly points: number;
  readonly expire: string | null;
}

test('limits count by the true address and the true account', async ({ cast, report }) => {
  const { others, pool } = cast;
  const email = `nobody.${crypto.randomUUID()}@sample.example`;
  const signIn = 'app/(site)/sign-in/actions.ts#signIn';
  const forwarded = (at: number): Readonly<Record<string, string>> => ({
    'x-forwarded-for': `203.0.113.${at}`,
    'x-real-ip': `203.0.113.${at}`,
    'cf-connecting-ip': `203.0.113.${at}`,
    'true-client-ip': `203.0.113.${at}`,
    forwarded: `for=203.0.113.${at}`,
  });
  const spelled = [email, email.toUpperCase(), ` ${email} `, `${email}\t`];
  const codes: string[] = [];
  const counted = 'select key, points, expire from rate_limits';
  const { rows: before } = await pool.query<Bucket>(counted);
  for (let at = 1; at <= 11; at += 1) {
    const answer = await others.nobody.act(
      signIn,
      { email: spelled[at % spelled.length], password: 'not the password' },
      forwarded(at),
    );
    codes.push(/"code":"(\w+)"/.exec(answer.body)?.[1] ?? '');
  }
  expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'unauthenticated'));
  expect(codes[10]).toBe('rate_limited');
  const { rows } = await pool.query<Bucket>(counted);
  // Nobody's bucket but one's own: not that of the addresses claimed.
  expect(rows.filter(({ key }) => key.includes('203.0.113'))).toEqual([]);
  // A bucket whose time was over begins anew, with fewer points than it had.
  const known = ({ key, expire }: Bucket) =>
    before.find((one) => one.key === key && one.expire === expire)?.points;
  const grown = rows.filter((bucket) => bucket.points > (known(bucket) ?? 0));
  const kinds = grown.map(({ key }) => key.replace(/:.*$/, '')).sort();
  expect(kinds).toEqual(['sign-in-account', 'sign-in-address']);
  for (const bucket of grown) {
    const { key } = bucket;
    const points = known(bucket);
    if (points === undefined) await pool.query('delete from rate_limits where key = $1', [key]);
    else await pool.query('update rate_limits set points = $2 where key = $1', [key, points]);
  }
  report({
    attack: 'app: rate-limit keys',
    cases: 11,
    tried:
      'Attempts to sign in claimed another address each and spelled the account in four ways: they counted in one bucket of the account and one of the true address.',
  });
});

test('what a caller says of the request’s own id marks no other’s record', async ({
  cast,
  report,
}) => {
  const { victim, pool } = cast;
  // Of one's own: whoever is refused often has only the first of many in a row of the record.
  const attacker = await makeTenant(cast, `asks${crypto.randomUUID().slice(0, 8)}`);
  const given = `victims-${crypto.randomUUID()}`;
  await victim.members.owner.ask('/api/runs', { headers: { 'x-request-id': given } });
  await attacker.members.owner.ask(`/runs/${crypto.randomUUID()}`, {
    headers: { 'x-request-id': given },
  });
  await denialsWritten(cast);
  const { rows } = await pool.query<{ tenant_id: string }>(
    'select tenant_id from tenant_access_logs where request_id = $1',
    [given],
  );
  expect(rows).toEqual([{ tenant_id: attacker.id }]);
  report({
    attack: 'app: a request id of another',
    cases: 2,
    tried:
      'The attacker reused the id of a request of the victim’s: the denial is on the attacker’s record alone.',
  });
});
