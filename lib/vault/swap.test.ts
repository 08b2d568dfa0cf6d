import { beforeAll, expect, it } from 'vitest';
import { newId, type TenantContext, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { type Binding, nextTenantKey, open, reseal, seal, VaultError } from '.';
import { holdTestKey } from './testing';

/**
 * Every sealed text against every place where it does not belong: another organisation, connection,
 * generation or kind, and each of these together with each other, before and after the organisation's
 * key was exchanged.
 */
const database = testDatabase();
const kinds = ['credential', 'consent', 'mail'] as const;
const generations = [1, 2, 10, 11, 0x7fff_ffff];

interface Place {
  readonly tenant: TenantContext;
  readonly binding: Binding;
}
interface Sealed extends Place {
  readonly sealed: string;
}

let tenants: TenantContext[];
let texts: Sealed[];

beforeAll(async () => {
  holdTestKey();
  tenants = [];
  for (const name of ['Alpha', 'Beta', 'Gamma']) tenants.push(await database.createTenant(name));
  // Connections with the same id in every organisation: only the organisation differs then.
  const shared = [newId<never>(), newId<never>()];
  texts = [];
  for (const tenant of tenants) {
    await withTenant(tenant, async (tx) => {
      for (const kind of kinds) {
        for (const subjectId of [...shared, newId<never>()]) {
          for (const generation of generations) {
            const binding = { kind, subjectId, generation };
            const sealed = await seal(tx, tenant, binding, 'a secret of nobody else');
            texts.push({ tenant, binding, sealed });
          }
        }
      }
    });
  }
});

const same = (a: Place, b: Place) =>
  a.tenant.tenantId === b.tenant.tenantId &&
  a.binding.kind === b.binding.kind &&
  a.binding.subjectId === b.binding.subjectId &&
  a.binding.generation === b.binding.generation;

/** Open every `step`th text in every place that its organisation and the others have. */
async function openEverywhere(step: number) {
  const count = { opened: 0, refused: 0, wrong: 0 };
  const faults = new Set<string>();
  for (const tenant of tenants) {
    const places = texts.filter((one) => one.tenant === tenant);
    await withTenant(tenant, async (tx) => {
      for (const [at, text] of texts.entries()) {
        for (const [spot, place] of places.entries()) {
          if ((at + spot) % step !== 0 && !same(text, place)) continue;
          try {
            await open(tx, tenant, place.binding, text.sealed);
            count[same(text, place) ? 'opened' : 'wrong'] += 1;
          } catch (error) {
            if (!(error instanceof VaultError)) throw error;
            faults.add(error.fault);
            count[same(text, place) ? 'wrong' : 'refused'] += 1;
          }
        }
      }
    });
  }
  return { ...count, faults: [...faults].toSorted() };
}

it('a sealed text opens where it belongs and nowhere else', async () => {
  const { opened, refused, wrong, faults } = await openEverywhere(7);
  expect({ opened, wrong }).toEqual({ opened: texts.length, wrong: 0 });
  expect(refused).toBeGreaterThan(2_000);
  expect(faults).toEqual(['context_mismatch', 'unreadable']);
});

it('and so it stays when keys were exchanged', async () => {
  for (const tenant of tenants) {
    await withTenant(tenant, async (tx) => {
      await nextTenantKey(tx, tenant.tenantId);
      for (const [at, text] of texts.entries()) {
        // Half of them stay under the former key.
        if (text.tenant !== tenant || at % 2 === 0) continue;
        texts[at] = { ...text, sealed: await reseal(tx, tenant, text.sealed) };
      }
    });
  }
  const { opened, refused, wrong } = await openEverywhere(11);
  expect({ opened, wrong }).toEqual({ opened: texts.length, wrong: 0 });
  expect(refused).toBeGreaterThan(1_000);
});

it('another organisation’s text is not sealed anew either', async () => {
  const [alpha, beta] = tenants as [TenantContext, TenantContext];
  const foreign = texts.find(({ tenant }) => tenant === alpha)?.sealed ?? '';
  const attempt = withTenant(beta, (tx) => reseal(tx, beta, foreign));
  await expect(attempt).rejects.toMatchObject({ fault: 'unreadable' });
});
