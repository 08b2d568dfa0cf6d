import type { APIResponse } from '@playwright/test';
import { callAction } from './support/actions';
import { places, tenantActions } from './support/cases';
import { sql } from './support/database';
import { expect, people, test } from './support/fixtures';
import { furnish, type TenantIds } from './support/tenant';

/** Another organisation's ids, asked for by somebody who is an owner elsewhere. */

test.setTimeout(240_000);

const [ours, theirs] = people.tenants;
const olivia = ours?.owner.email ?? '';
const omar = theirs?.owner.email ?? '';

/** Everything of an answer but what differs between any two. */
async function essence(response: APIResponse, ids: readonly string[] = []) {
  const changing = ['date', 'x-request-id', 'content-security-policy', 'keep-alive'];
  const headers = response.headers();
  const nonce = /'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1] ?? '\0';
  const text = (await response.text())
    .replaceAll(nonce, 'nonce')
    .replaceAll(headers['x-request-id'] ?? '\0', 'request')
    // The framework names two parts of a page by chance.
    .replaceAll(/[\w-]{21}(?=[vm]\\?")/g, 'chance');
  return {
    status: response.status(),
    headers: Object.entries(headers)
      .filter(([name]) => !changing.includes(name))
      .map(([name, value]) => [name, value.replaceAll(nonce, 'nonce')]),
    length: text.length,
    // The framework sends the parts of a page in whatever order they get ready.
    parts: ids
      .reduce((body, id) => body.replaceAll(id, 'id'), text)
      .split('\\n')
      .sort(),
  };
}

test.describe('an id of another organisation', () => {
  /** Which id stands in each dynamic address. A new one without a line here fails. */
  const addressed: Readonly<Record<string, keyof TenantIds | null>> = {
    '/automations/[id]': 'automation',
    '/automations/[id]/edit': 'automation',
    '/connections/[id]': 'connection',
    '/reports/[id]': 'report',
    '/runs/[id]': 'run',
    '/api/connections/[id]': 'connection',
    '/api/connections/[id]/calls': 'connection',
    '/api/reports/[id]/csv': 'report',
    '/api/reports/[id]/rows': 'report',
    '/api/runs/[id]': 'run',
    '/api/runs/[id]/changes': 'run',
    '/api/runs/[id]/steps/[step]': 'run',
    // No id of an organisation's: a template's key, a secret, and what belongs to staff.
    '/automations/new/[template]': null,
    '/invitations/[token]': null,
    '/api/auth/[...nextauth]': null,
    '/admin/alerts/[alertId]': null,
    '/admin/outbox/[mailId]': null,
    '/admin/tenants/[tenantId]': null,
  };

  test('has a case for every address that holds an id', () => {
    const dynamic = [...places('page.tsx'), ...places('route.ts')].filter((each) =>
      each.includes('['),
    );
    expect([...dynamic].sort()).toEqual(Object.keys(addressed).sort());
  });

  test('is answered everywhere like one that nobody has, and leaves a denial', async ({
    visit,
    server,
  }) => {
    const other = await visit(omar);
    const foreign = await furnish(other, server, { name: theirs?.name ?? '', owner: omar });
    const { request } = await visit(olivia);
    for (const [pattern, kind] of Object.entries(addressed)) {
      if (kind === null) continue;
      const id = foreign[kind];
      const address = (real: string, step: string) =>
        pattern.replace('[id]', real).replace('[step]', step);
      // The owner sees it: a wrong address would be missing for everybody.
      const there = await other.request.get(address(id, foreign.step));
      expect(there.status(), pattern).toBe(200);
      const [nobody, noStep] = [crypto.randomUUID(), crypto.randomUUID()];
      const asked = await request.get(address(id, foreign.step));
      const absent = await request.get(address(nobody, noStep));
      expect(asked.status(), pattern).toBe(404);
      expect(await essence(asked, [id, foreign.step]), pattern).toEqual(
        await essence(absent, [nobody, noStep]),
      );
      const denied = await sql<{ reason: string }>(
        server,
        'select reason from tenant_access_logs where request_id = $1',
        [asked.headers()['x-request-id']],
      );
      expect(denied, pattern).toContainEqual({ reason: 'not_found' });
    }
  });

  test('finds nothing as a filter, and opens nothing beside a list', async ({ visit, server }) => {
    const other = await visit(omar);
    const foreign = await furnish(other, server, { name: theirs?.name ?? '', owner: omar });
    const { request } = await visit(olivia);
    const filters = [
      `/api/runs?automation=${foreign.automation}`,
      `/api/resources?connection=${foreign.connection}`,
      `/api/audit?run=${foreign.run}`,
      `/api/audit?connection=${foreign.connection}`,
    ];
    for (const filter of filters) {
      expect((await (await other.request.get(filter)).json()).items, filter).not.toEqual([]);
      expect((await (await request.get(filter)).json()).items, filter).toEqual([]);
    }
    for (const beside of [
      `/audit?event=${foreign.event}`,
      `/resources?resource=${foreign.resource}`,
    ]) {
      expect((await other.request.get(beside)).status(), beside).toBe(200);
      expect((await request.get(beside)).status(), beside).toBe(404);
    }
  });

  test('is refused by every action as one that nobody has', async ({ visit, server }) => {
    const other = await visit(omar);
    const foreign = await furnish(other, server, { name: theirs?.name ?? '', owner: omar });
    const { request } = await visit(olivia);
    for (const { name, input } of tenantActions(foreign)) {
      if (!name.endsWith('#invite') && !name.endsWith('#renameOrganisation')) {
        const { result } = await callAction(request, name, input);
        expect(result, name).toMatchObject({ ok: false, error: { code: 'not_found' } });
      }
    }
  });
});
