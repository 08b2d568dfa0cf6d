import type { TenantContext } from '@/db';
import { poolOf } from '@/db/connections';
import { tenantEntry } from '@/db/tenant-scope';
import type { Entry } from '@/db/wire/entry';
import { Statements } from '@/db/wire/statements';
import type { Report } from '../bench';
import { interleaved, ratio, slice } from '../measure';
import type { DoorData } from './data';
import { makeCopy } from './fill';
import { labelOf, type Sizes, turnsOf } from './sizes';

/** What a door's own function does, for a setting that nothing checks. */
const usePlain = `
create function public.bench_use_tenant(tenant text) returns text language plpgsql security definer
as $$ begin return pg_catalog.set_config('app.bench_tenant', tenant, true); end $$;
grant execute on function public.bench_use_tenant(text) to tenantry_app`;

/** The same way in with that setting. */
function plainEntry({ tenantId }: TenantContext): Entry {
  const scope = {
    name: 'bench_plain_scope',
    text: 'select public.bench_use_tenant($1)',
    values: [tenantId],
    answer: tenantId,
  };
  return { role: 'app', tenantId, pool: poolOf('app'), scope: [scope] };
}

const kinds = [
  {
    name: 'bench_plain',
    policy: "tenant_id = nullif(current_setting('app.bench_tenant', true), '')::uuid",
    entry: plainEntry,
  },
  {
    name: 'bench_signed',
    policy: 'tenant_id = public.current_tenant()',
    entry: tenantEntry,
  },
] as const;

const columns = 'id, kind, name, provider_id, updated_at';

/** What it costs that the tenant's context is signed, and checked by the policy. */
export async function compareContext(
  data: DoorData,
  { tenants, rounds }: Sizes,
  clientCounts: readonly number[],
  report: Report,
): Promise<void> {
  const ways = [];
  await data.owner.query(usePlain);
  for (const { name, policy, entry } of kinds) {
    await makeCopy(data.owner, { name, tenants, rows: 100, policy });
    const { rows } = await data.owner.query<TenantContext & { readonly id: string }>(
      `select tenant_id as "tenantId", id from ${name} order by random() limit 2000`,
    );
    const target = (at: number) => rows[at % rows.length] as (typeof rows)[number];
    const ask = (at: number, what: string, text: string, values: readonly unknown[]) =>
      new Statements(entry(target(at))).query(
        { name: `${name}_${what}`, text, rowMode: 'array' },
        values,
      );
    ways.push({
      point: (at: number) =>
        ask(at, 'point', `select ${columns} from ${name} where tenant_id = $1 and id = $2`, [
          target(at).tenantId,
          target(at).id,
        ]),
      page: (at: number) =>
        ask(
          at,
          'page',
          `select ${columns} from ${name} where tenant_id = $1 order by sort_name, id limit 50`,
          [target(at).tenantId],
        ),
    });
  }
  for (const read of ['point', 'page'] as const) {
    for (const clients of clientCounts) {
      const turns = turnsOf(read, clients, rounds);
      const [plain = [], signed = []] = await interleaved(
        ways.map((way) => slice(turns.reads, clients, (at) => way[read](at))),
        turns.rounds,
      );
      report({
        name: `signed context to a plain setting, ${labelOf(read, clients)}`,
        value: ratio(signed, plain),
        unit: '×',
      });
    }
  }
}
