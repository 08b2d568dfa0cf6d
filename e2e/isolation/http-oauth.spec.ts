import { answerConsent } from '@/emulators/testing';
import type { Caller } from '../support/isolation/caller';
import { type Cast, makeTenant, type Tenant } from '../support/isolation/cast';
import { deniedTo } from '../support/isolation/denials';
import { fingerprint } from '../support/isolation/fingerprint';
import { expect, test } from '../support/isolation/fixtures';
import { sessionCookie } from '../support/isolation/token';
import { people } from '../support/people';

/** Consents that are mixed up: by person, browser, organisation, provider and time. */

test.setTimeout(300_000);

const account = people.tenants[0]?.owner.email ?? '';

interface Flow {
  readonly state: string;
  readonly code: string;
  /** `name=value` of the browser's own secret. */
  readonly cookie: string;
}

/** Begin a consent, and say yes on the provider's page. */
async function begin(caller: Caller): Promise<Flow> {
  const connect = 'app/(tenant)/connections/actions.ts#connect';
  const answer = await caller.act(connect, { provider: 'google', authority: 'delegated' });
  const url = /"url":"([^"]+)"/.exec(answer.body)?.[1] ?? '';
  const cookie = /tenantry\.consent\.[^;]+/.exec(answer.headers['set-cookie'] ?? '')?.[0] ?? '';
  const back = await answerConsent(JSON.parse(`"${url}"`), { email: account });
  return {
    cookie,
    state: back.searchParams.get('state') ?? '',
    code: back.searchParams.get('code') ?? '',
  };
}

/** Come back from the provider. @returns the outcome, as the page that one is led to says it */
async function comeBack(
  caller: Caller,
  { state, code, cookie }: Flow,
  provider = 'google',
): Promise<string> {
  const query = new URLSearchParams({ state, code });
  const session = `${sessionCookie}=${caller.facts.session}`;
  const answer = await caller.ask(`/api/connections/${provider}/callback?${query}`, {
    headers: { cookie: cookie ? `${session}; ${cookie}` : session },
  });
  if (answer.status !== 303) return `status ${answer.status}`;
  return /consent=(\w+)/.exec(answer.headers.location ?? '')?.[1] ?? '';
}

const connected = async ({ pool }: Cast, { id }: Tenant) =>
  (
    await pool.query<{ state: string }>(
      'select state from connections where tenant_id = $1 and created_by = any($2)',
      [id, []],
    )
  ).rows.length;

/** A tenant of one's own: what is connected here is of no other test's concern. */
const newTenant = (cast: Cast) => makeTenant(cast, `oauth${crypto.randomUUID().slice(0, 8)}`);

test('a consent is finished by who began it, in their browser, once', async ({ cast, report }) => {
  const { victim } = cast;
  const tenant = await newTenant(cast);
  const { owner, admin } = tenant.members;
  const before = await fingerprint(cast, victim);
  const flow = await begin(owner);
  const second = await begin(owner);
  const tries: readonly (readonly [string, Caller, Flow])[] = [
    ['another organisation’s owner, with the browser’s secret', victim.members.owner, flow],
    ['another organisation’s owner', victim.members.owner, { ...flow, cookie: '' }],
    ['a colleague, with the browser’s secret', admin, flow],
    ['a colleague', admin, { ...flow, cookie: '' }],
    ['another browser of the same person', owner, { ...flow, cookie: '' }],
    ['the secret of another flow of theirs', owner, { ...flow, cookie: second.cookie }],
    [
      'a guessed secret',
      owner,
      { ...flow, cookie: `${flow.cookie.split('=')[0]}=${'A'.repeat(43)}` },
    ],
    ['a state that is invented', owner, { ...flow, state: 'A'.repeat(43) }],
    ['the victim’s id as the state', owner, { ...flow, state: victim.id }],
    ['no state', owner, { ...flow, state: '' }],
  ];
  const callers = [owner, admin, victim.members.owner];
  const refused = () =>
    Promise.all(
      callers.map(async (caller) => (await deniedTo(cast, caller)).byReason.consent_state ?? 0),
    );
  const earlier = await refused();
  for (const [who, caller, brought] of tries) {
    expect(await comeBack(caller, brought), who).toBe('foreign');
  }
  const mine = callers.map((caller) => tries.filter(([, by]) => by === caller).length);
  expect((await refused()).map((times, at) => times - (earlier[at] ?? 0))).toEqual(mine);
  expect(await fingerprint(cast, victim)).toEqual(before);
  expect(await connected(cast, tenant)).toBe(0);
  await test.step('whose it is can still use it, once', async () => {
    expect(await comeBack(owner, flow)).toBe('connected');
    expect(await comeBack(owner, flow)).toBe('reused');
    expect(await comeBack(victim.members.owner, flow)).toBe('foreign');
  });
  report({
    attack: 'app: OAuth state mix-up: person, browser, tenant, replay',
    cases: tries.length + 3,
    tried:
      'A consent that an owner had begun was brought back by another tenant’s owner, a colleague, other browsers, with invented states, and a second time.',
  });
});

test('a code belongs to its own flow, and a flow to its provider', async ({ cast, report }) => {
  const tenant = await newTenant(cast);
  const { owner } = tenant.members;
  const [first, second] = [await begin(owner), await begin(owner)];
  // The code of one flow in another: the verifier is not the one it was asked for with.
  expect(await comeBack(owner, { ...second, code: first.code })).toBe('provider_failed');
  const third = await begin(owner);
  for (const provider of ['GOOGLE', 'google%2e', '..%2fgoogle']) {
    expect(await comeBack(owner, third, provider), provider).toBe('status 404');
  }
  for (const provider of ['microsoft', 'slack']) {
    expect(await comeBack(owner, third, provider), provider).toBe('foreign');
  }
  // A flow that was begun with another provider, brought to this one's address.
  await cast.pool.query(
    `update connections set provider = 'microsoft' where tenant_id = $1 and state = 'pending'`,
    [tenant.id],
  );
  expect(await comeBack(owner, third)).toBe('foreign');
  report({
    attack: 'app: OAuth mix-up of codes and providers',
    cases: 7,
    tried:
      'The code of one flow was used in another, and a flow of one provider was brought to another’s address.',
  });
});

test('a consent that is too old, or whose member was removed meanwhile, is nothing', async ({
  cast,
  report,
}) => {
  const tenant = await newTenant(cast);
  const { owner, admin } = tenant.members;
  const old = await begin(owner);
  await cast.pool.query(
    `update consent_requests set expires_at = now() - interval '1 second' where tenant_id = $1`,
    [tenant.id],
  );
  expect(await comeBack(owner, old)).toBe('expired');
  const flow = await begin(admin);
  await cast.pool.query('delete from memberships where tenant_id = $1 and user_id = $2', [
    tenant.id,
    admin.facts.userId,
  ]);
  expect(await comeBack(admin, flow)).toBe('status 401');
  expect(await comeBack(owner, flow)).toBe('foreign');
  report({
    attack: 'app: OAuth state that outlives its right',
    cases: 3,
    tried:
      'A consent was brought back after ten minutes, after its member was removed, and then by their colleague.',
  });
});

test('signing in with a provider that is not set up, or with a made-up answer, signs nobody in', async ({
  cast,
  report,
}) => {
  const { nobody } = cast.others;
  const answers = [
    'code=made-up&state=made-up',
    'error=access_denied',
    `code=x&state=${cast.victim.id}`,
  ];
  for (const provider of ['google', 'microsoft-entra-id', 'credentials', 'none']) {
    for (const query of answers) {
      const answer = await nobody.ask(`/api/auth/callback/${provider}?${query}`);
      expect(answer.headers['set-cookie'] ?? '', `${provider} ${query}`).not.toMatch(
        new RegExp(`${sessionCookie}=[^;]`),
      );
    }
  }
  report({
    attack: 'app: OAuth answers to the sign-in',
    cases: 12,
    tried:
      'The sign-in’s callbacks were given invented answers. State, PKCE and nonce against a real stand-in: lib/auth/sign-in.test.ts.',
  });
});
