import { beforeAll, describe, expect, it } from 'vitest';
import { type AutomationId, type ConnectionId, newId, withTenant } from '@/db';
import { connections } from '@/db/schema';
import { type TestDatabase, testDatabase } from '@/db/testing';
import { testMember } from '@/lib/connections/testing';
import type { MemberContext } from '@/lib/tenancy';
import { requireTemplate } from '../templates/registry';
import { archiveAutomation, createAutomation, enableAutomation, updateAutomation } from './change';
import { connectionChoices, listAutomations, readAutomation } from './read';

const database = testDatabase();
let context: MemberContext;
let other: MemberContext;
let connectionId: ConnectionId;

const google = { provider: 'google', authority: 'delegated' } as const;
const allScopes = () =>
  requireTemplate('focus-block')
    .permissions(google)
    .concat(requireTemplate('archive-newsletters').permissions(google))
    .concat(requireTemplate('external-files').permissions(google))
    .map(({ scope }) => scope);

async function connection(
  owner: MemberContext,
  rest: Partial<typeof connections.$inferInsert> = {},
): Promise<ConnectionId> {
  const id = newId<ConnectionId>();
  await withTenant(owner, (tx) =>
    tx.insert(connections).values({
      tenantId: owner.tenantId,
      id,
      provider: 'google',
      state: 'active',
      accountId: id,
      accountEmail: `${id}@northwind.example`,
      scopes: allScopes(),
      createdBy: owner.userId,
      ...rest,
    }),
  );
  return id;
}

beforeAll(async () => {
  context = await testMember(database);
  other = await testMember(database);
  connectionId = await connection(context);
});

const parameters = { label: 'News', olderThanDays: '14', limit: 50 };
const manual = { type: 'manual' } as const;
const daily = { type: 'schedule', cron: '0 7 * * *', timeZone: 'Europe/Berlin' } as const;
const input = () => ({
  template: 'archive-newsletters',
  name: 'Tidy up',
  connectionId,
  parameters,
  trigger: daily,
});
const audit = async (from: TestDatabase, id: AutomationId) => {
  const { rows } = await from.owner.query<{ action: string; details: Record<string, unknown> }>(
    'select action, details from audit_events where target_id = $1 order by id',
    [id],
  );
  return rows;
};

describe('a new automation', () => {
  it('has the parameters as its template reads them, and its next time', async () => {
    const id = await createAutomation(context, input());
    const made = await readAutomation(context, id);
    expect(made).toMatchObject({
      name: 'Tidy up',
      parameters: { label: 'News', olderThanDays: 14, limit: 50 },
      enabled: true,
      lastRun: null,
    });
    expect(new Date(made.nextRunAt ?? 0).getTime()).toBeGreaterThan(Date.now());
    expect(await audit(database, id)).toMatchObject([{ action: 'automation.created' }]);
  });

  it('that waits for a person has no next time', async () => {
    const id = await createAutomation(context, { ...input(), trigger: manual });
    expect(await readAutomation(context, id)).toMatchObject({ nextRunAt: null });
  });

  it('tells every fault at its field in one go, and is not made', async () => {
    const before = (await listAutomations(context)).items.length;
    const wrong = createAutomation(context, {
      ...input(),
      parameters: { label: '', olderThanDays: 'seven', limit: 50 },
      trigger: { ...daily, cron: '0 0 30 2 *' },
    });
    await expect(wrong).rejects.toMatchObject({
      code: 'invalid_input',
      fields: {
        'parameters.label': expect.stringMatching(/fill this in/),
        'parameters.olderThanDays': expect.stringMatching(/whole number/),
        'trigger.cron': expect.stringMatching(/never fires/),
      },
    });
    expect((await listAutomations(context)).items).toHaveLength(before);
  });

  it('of an unknown template is not found', async () => {
    const unknown = createAutomation(context, { ...input(), template: 'nothing' });
    await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each(['needs_reconsent', 'needs_scopes', 'blocked_by_policy', 'disconnected'] as const)(
    'cannot be made on a connection that is %s',
    async (state) => {
      const unusable = await connection(context, { state });
      const made = createAutomation(context, { ...input(), connectionId: unusable });
      await expect(made).rejects.toMatchObject({
        code: 'invalid_input',
        fields: { connectionId: expect.any(String) },
      });
    },
  );

  it('says which permission its connection lacks', async () => {
    const calendarEvents = 'https://www.googleapis.com/auth/calendar.events';
    const narrow = await connection(context, {
      scopes: allScopes().filter((scope) => scope !== calendarEvents),
    });
    const made = createAutomation(context, {
      ...input(),
      template: 'focus-block',
      connectionId: narrow,
      parameters: { title: 'Focus', from: '09:00', minutes: 60, timeZone: 'UTC' },
    });
    await expect(made).rejects.toMatchObject({
      fields: { connectionId: expect.stringContaining('“Add events to calendars”') },
    });
    const choices = await connectionChoices(context, requireTemplate('focus-block'));
    expect(choices.find(({ id }) => id === narrow)?.fault).toContain('Add events');
    expect(choices.find(({ id }) => id === connectionId)?.fault).toBeNull();
    expect(choices.find(({ id }) => id === narrow)?.missing).toEqual([calendarEvents]);
  });

  it.each([
    ['another tenant’s', () => connection(other)],
    ['an absent', async () => newId<ConnectionId>()],
  ])('cannot be made on %s connection, which is not found', async (_whose, find) => {
    const made = createAutomation(context, { ...input(), connectionId: await find() });
    await expect(made).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is nothing at this address, or it is not yours to see.',
    });
  });
});

describe('an automation', () => {
  it('that is changed has before and after on record, and a new next time', async () => {
    const id = await createAutomation(context, input());
    const { template: _template, ...change } = input();
    await updateAutomation(context, id, { ...change, name: 'Tidier', trigger: manual });
    expect(await readAutomation(context, id)).toMatchObject({ name: 'Tidier', nextRunAt: null });
    expect((await audit(database, id)).at(-1)).toEqual({
      action: 'automation.updated',
      details: {
        before: { name: 'Tidy up', trigger: daily },
        after: { name: 'Tidier', trigger: manual },
      },
    });
  });

  it('rests while it is switched off, and goes on from now', async () => {
    const id = await createAutomation(context, input());
    await enableAutomation(context, id, false);
    expect(await readAutomation(context, id)).toMatchObject({ enabled: false, nextRunAt: null });
    await enableAutomation(context, id, true);
    await enableAutomation(context, id, true);
    expect((await readAutomation(context, id)).nextRunAt).not.toBeNull();
    expect((await audit(database, id)).map(({ action }) => action)).toEqual([
      'automation.created',
      'automation.disabled',
      'automation.enabled',
    ]);
  });

  it('is not switched on while its connection lacks a permission, and says which', async () => {
    const shared = await connection(context);
    const id = await createAutomation(context, { ...input(), connectionId: shared });
    await enableAutomation(context, id, false);
    await database.owner.query(`update connections set scopes = '{}' where id = $1`, [shared]);
    await expect(enableAutomation(context, id, true)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('“Read, label and send mail”'),
    });
    expect(await readAutomation(context, id)).toMatchObject({ enabled: false });
  });

  it('is removed only by its exact name', async () => {
    const id = await createAutomation(context, input());
    await expect(archiveAutomation(context, id, 'tidy up')).rejects.toMatchObject({
      fields: { confirm: expect.any(String) },
    });
    await archiveAutomation(context, id, 'Tidy up');
    expect((await listAutomations(context)).items.map((row) => row.id)).not.toContain(id);
    expect(await readAutomation(context, id)).toMatchObject({
      archivedAt: expect.any(String),
      nextRunAt: null,
    });
    await expect(enableAutomation(context, id, true)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of another tenant is as if absent, whatever is asked', async () => {
    const id = await createAutomation(context, input());
    const { template: _template, ...change } = input();
    const tries = [
      () => readAutomation(other, id),
      () => updateAutomation(other, id, change),
      () => enableAutomation(other, id, false),
      () => archiveAutomation(other, id, 'Tidy up'),
    ];
    for (const attempt of tries) {
      await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
    }
    expect((await listAutomations(other)).items).toEqual([]);
    expect(await readAutomation(context, id)).toMatchObject({ name: 'Tidy up', enabled: true });
  });
});

describe('the list', () => {
  it('pages through all of them, each once', async () => {
    const mine = await testMember(database);
    const own = await connection(mine);
    const made = [];
    for (let number = 0; number < 53; number += 1) {
      made.push(await createAutomation(mine, { ...input(), connectionId: own }));
    }
    const first = await listAutomations(mine);
    const second = await listAutomations(mine, first.nextCursor ?? '');
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(ids).toEqual([...made].reverse());
    expect(second.nextCursor).toBeNull();
    await expect(listAutomations(mine, 'nonsense')).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});

describe('an automation over a connection of the whole organisation', () => {
  const wish = (organisation: ConnectionId, person: string) => ({
    ...input(),
    connectionId: organisation,
    parameters: { ...parameters, person },
  });
  const organisation = () => connection(context, { authority: 'application', accountEmail: null });
  const asMember = (): MemberContext => ({ ...context, role: 'member' });

  it('needs somebody whom it is about', async () => {
    await expect(
      createAutomation(context, wish(await organisation(), 'nobody')),
    ).rejects.toMatchObject({ fields: { 'parameters.person': expect.any(String) } });
  });

  it('is about anybody for an owner', async () => {
    const id = await createAutomation(context, wish(await organisation(), 'ceo@northwind.example'));
    expect((await readAutomation(context, id)).parameters).toMatchObject({
      person: 'ceo@northwind.example',
    });
  });

  it('is about nobody but themselves for a member', async () => {
    const over = await organisation();
    await expect(
      createAutomation(asMember(), wish(over, 'ceo@northwind.example')),
    ).rejects.toMatchObject({
      fields: { 'parameters.person': expect.stringContaining('your own') },
    });
    await createAutomation(asMember(), wish(over, context.email));
  });

  it('that an owner made is not turned to other ends by a member', async () => {
    const id = await createAutomation(context, wish(await organisation(), 'ceo@northwind.example'));
    const current = await readAutomation(context, id);
    const change = {
      ...input(),
      connectionId: current.connection.id as ConnectionId,
      parameters: { ...current.parameters, label: 'Mine' },
    };
    await expect(updateAutomation(asMember(), id, change)).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});
