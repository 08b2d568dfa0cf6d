import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import axe from 'axe-core';
import { nowhere, places } from './support/cases';
import { expect, people, test } from './support/fixtures';
import { newAddress, signUp } from './support/people';
import { furnish, type TenantIds } from './support/tenant';

/**
 * Every page as everybody who may see it, on a phone and on a desk, light and dark: it fits, has one
 * heading, and breaks no rule that can be checked by a machine. `SCREENSHOTS=dir` keeps pictures.
 */

/** Milliseconds: some hundred looks to a test, on a machine that may have more to do. */
test.setTimeout(900_000);

const [northwind] = people.tenants;
const screens = { phone: { width: 360, height: 760 }, desk: { width: 1440, height: 900 } } as const;
const schemes = ['light', 'dark'] as const;

/** Addresses by the page's place in `app/`; a page without one here fails. */
const addresses = (ids: TenantIds): Readonly<Record<string, string>> => ({
  '/': '/',
  '/sign-in': '/sign-in',
  '/sign-in/organisation': '/sign-in/organisation',
  '/sign-up': '/sign-up',
  '/second-factor': '/second-factor',
  '/invitations/[token]': '/invitations/nonsense',
  '/reconsent/[token]': '/reconsent/nonsense',
  '/overview': '/overview',
  '/connections': '/connections',
  '/connections/[id]': `/connections/${ids.connection}`,
  '/resources': '/resources',
  '/automations': '/automations',
  '/automations/new': '/automations/new',
  '/automations/new/[template]': '/automations/new/archive-newsletters',
  '/automations/[id]': `/automations/${ids.automation}`,
  '/automations/[id]/edit': `/automations/${ids.automation}/edit`,
  '/runs': '/runs',
  '/runs/[id]': `/runs/${ids.run}`,
  '/reports': '/reports',
  '/reports/[id]': `/reports/${ids.report}`,
  '/audit': '/audit',
  '/access-log': '/access-log',
  '/trust': '/trust',
  '/usage': '/usage',
  '/members': '/members',
  '/settings': '/settings',
  '/settings/support': '/settings/support',
  '/settings/exports': '/settings/exports',
  '/settings/streams': '/settings/streams',
  '/account': '/account',
  '/admin': '/admin',
  '/admin/account': '/admin/account',
  '/admin/tenants': '/admin/tenants',
  '/admin/tenants/[tenantId]/usage': `/admin/tenants/${ids.tenant}/usage`,
  '/admin/tenants/[tenantId]': `/admin/tenants/${ids.tenant}`,
  '/admin/tenants/[tenantId]/support': `/admin/tenants/${ids.tenant}/support`,
  '/admin/tenants/[tenantId]/people': `/admin/tenants/${ids.tenant}/people`,
  '/admin/tenants/[tenantId]/connections': `/admin/tenants/${ids.tenant}/connections`,
  '/admin/tenants/[tenantId]/runs': `/admin/tenants/${ids.tenant}/runs`,
  '/admin/tenants/[tenantId]/limits': `/admin/tenants/${ids.tenant}/limits`,
  '/admin/tenants/[tenantId]/access-log': `/admin/tenants/${ids.tenant}/access-log`,
  '/admin/tenants/[tenantId]/audit': `/admin/tenants/${ids.tenant}/audit`,
  '/admin/tenants/[tenantId]/notes': `/admin/tenants/${ids.tenant}/notes`,
  '/admin/tenants/new': '/admin/tenants/new',
  '/admin/connections': '/admin/connections',
  '/admin/support-requests': '/admin/support-requests',
  '/admin/streams': '/admin/streams',
  '/admin/exports': '/admin/exports',
  '/admin/looks': `/admin/looks?tenant=${ids.tenant}`,
  '/admin/runs': '/admin/runs',
  '/admin/runs/[runId]': `/admin/runs/${ids.run}`,
  '/admin/engine': '/admin/engine',
  '/admin/requests/[requestId]': `/admin/requests/${ids.request}`,
  '/admin/people/[userId]': `/admin/people/${ids.person}`,
  '/admin/alerts': '/admin/alerts',
  '/admin/alerts/[alertId]': '/admin/alerts',
  '/settings/deletion': '/settings/deletion',
  '/admin/deletions': '/admin/deletions',
  '/admin/deletions/[deletionId]': '/admin/deletions',
  '/admin/tenants/[tenantId]/lifecycle': `/admin/tenants/${ids.tenant}/lifecycle`,
  '/admin/reconsent': '/admin/reconsent',
  '/admin/reconsent/new': '/admin/reconsent/new',
  '/admin/reconsent/[campaignId]': '/admin/reconsent',
  '/admin/access-log': '/admin/access-log',
  '/admin/audit': '/admin/audit',
  '/admin/doctor': '/admin/doctor',
  '/admin/queries': '/admin/queries',
  '/admin/approvals': '/admin/approvals',
  '/admin/approvals/new': `/admin/approvals/new?tenant=${ids.tenant}`,
  '/admin/approvals/[approvalId]': '/admin/approvals',
  '/admin/staff': '/admin/staff',
  '/admin/outbox': '/admin/outbox',
  '/admin/outbox/[mailId]': '/admin/outbox',
});

/** What does not stand in `app/` by itself: pages beside lists, and refusals. */
const further = (ids: TenantIds): Readonly<Record<string, string>> => ({
  'audit event': `/audit?event=${ids.event}`,
  'resource sheet': `/resources?resource=${ids.resource}`,
  'no match': '/resources?q=zzzz',
  'not found': '/nothing-is-here',
});

const site = /^\/($|sign-|second-factor|invitations\/|reconsent\/)/;
const staff = /^\/admin/;
const closedToViewers =
  /^\/(audit|access-log|trust|usage|settings|automations\/(new\/\[|\[id\]\/edit))/;

async function keep(page: Page, name: string): Promise<void> {
  const directory = process.env.SCREENSHOTS;
  if (!directory) return;
  mkdirSync(directory, { recursive: true });
  const file = `${name.replaceAll(/[^\w]+/g, '-').replaceAll(/^-|-$/g, '')}.png`;
  await page.screenshot({ path: join(directory, file), fullPage: true, animations: 'disabled' });
}

/** Elements that reach beyond the window's right edge, and are not inside something that scrolls. */
const widest = (page: Page) =>
  page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => `${element.tagName} ${element.className}`.slice(0, 120))
      .slice(0, 5);
  });

/** Rules of WCAG 2.2, A and AA, that the page breaks. */
async function broken(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: here } = window as unknown as { axe: typeof axe };
    const { violations } = await here.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      // It counts the initials in an avatar as words that a name must hold.
      rules: { 'label-content-name-mismatch': { enabled: false } },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ html, failureSummary = '' }) => {
        const [, reason = ''] = failureSummary.split('\n');
        return `${id}: ${html.slice(0, 160)} ${reason.trim()}`;
      }),
    );
  });
}

/** As it is once nothing moves any more; what is wrong then is told, and the rest looked at. */
const settled = expect.configure({ soft: true });

/**
 * Look at a page on both screens in both schemes. Rules are asked for once: what viewers see on a
 * dark phone, owners see on a light desk.
 */
async function look(page: Page, who: string, name: string, address: string): Promise<void> {
  await page.setViewportSize(screens.desk);
  await page.goto(address);
  for (const [screen, size] of Object.entries(screens)) {
    await page.setViewportSize(size);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const where = `${who} ${name} ${screen} ${colorScheme}`;
      await expect(page.locator('html'), where).toHaveAttribute('data-theme', colorScheme);
      // A dialog hides the page behind it from assistive technology.
      const headings = page.getByRole('heading', { level: 1, includeHidden: true });
      await expect.soft(headings, where).toHaveCount(1);
      // What comes later than the page, such as figures of its own, finds its place first.
      await settled.poll(() => widest(page), `${where}: reaches beyond the window`).toEqual([]);
      await keep(page, where);
      if (where.endsWith(who === 'viewer' ? 'phone dark' : 'desk light')) {
        await settled.poll(() => broken(page), where).toEqual([]);
      }
    }
  }
}

async function idsOf(
  visit: (email?: string) => Promise<Page>,
  server: Parameters<typeof furnish>[1],
): Promise<TenantIds> {
  const owner = northwind?.owner.email ?? '';
  return furnish(await visit(owner), server, { name: northwind?.name ?? '', owner });
}

test('every page has an address to be looked at', async () => {
  expect(Object.keys(addresses(nowhere)).sort()).toEqual([...places('page.tsx')].sort());
});

test('pages of the site', async ({ visit, server, expectErrors }) => {
  expectErrors(/404/);
  const all = { ...addresses(await idsOf(visit, server)), 'not found': '/nothing-is-here' };
  const page = await visit();
  for (const [place, address] of Object.entries(all)) {
    if (place === '/sign-in/organisation') continue;
    if (site.test(place) || place === 'not found') await look(page, 'anybody', place, address);
  }
});

for (const role of ['owner', 'viewer'] as const) {
  test(`pages of the workspace as ${role}`, async ({ visit, server, expectErrors }) => {
    expectErrors(/40[34]/);
    const ids = await idsOf(visit, server);
    const page = await visit(northwind?.[role].email);
    for (const [place, address] of Object.entries({ ...addresses(ids), ...further(ids) })) {
      if (staff.test(place)) continue;
      if (site.test(place) && place !== '/sign-in/organisation') continue;
      if (role === 'viewer' && (closedToViewers.test(place) || place === 'audit event')) continue;
      await look(page, role, place, address);
    }
    if (role === 'viewer') await look(page, role, 'forbidden', '/settings');
  });
}

test('pages of the support console', async ({ visit, server }) => {
  const ids = await idsOf(visit, server);
  // Who may see all of them.
  const page = await visit(people.platformAdmin.email);
  for (const [place, address] of Object.entries(addresses(ids))) {
    if (staff.test(place) && place !== '/admin/outbox/[mailId]') {
      await look(page, 'support', place, address);
    }
  }
  await page.setViewportSize(screens.desk);
  await expect(async () => {
    await page.goto('/admin/outbox');
    await expect(page.getByRole('row').nth(1)).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 120_000 });
  await page.getByRole('row').nth(1).getByRole('link').click();
  await expect(page).toHaveURL(/\/admin\/outbox\/./);
  await look(page, 'support', '/admin/outbox/[mailId]', page.url());
});

test('an organisation that has just begun', async ({ page }) => {
  await signUp(page, {
    organisation: 'An organisation whose name is rather longer than most of them are',
    name: 'Wolfeschlegelsteinhausenbergerdorff Featherstonehaugh',
    email: newAddress('somebody.with.a.rather.long.address.of.their.own'),
  });
  for (const place of [
    'overview',
    'connections',
    'resources',
    'automations',
    'runs',
    'reports',
    'members',
  ]) {
    await look(page, 'newcomer', place, `/${place}`);
  }
});
