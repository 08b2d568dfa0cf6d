import { ZenStackClient } from '@zenstackhq/orm';
import { PostgresDialect } from '@zenstackhq/orm/dialects/postgres';
import { ExpressionUtils, type SchemaDef } from '@zenstackhq/orm/schema';
import { PolicyPlugin } from '@zenstackhq/plugin-policy';
import { Pool } from 'pg';
import type { PreparedDatabase } from '@/db/migrate';
import type { Peer } from './peer';

const { binary, call, field, literal, member } = ExpressionUtils;

const named = (column: string) => ({
  attributes: [{ name: '@map', args: [{ name: 'name', value: literal(column) }] }],
});

/**
 * What `zenstack generate` makes of this model, without its command, which brings Prisma 6 along:
 *
 *     model Resource { … @@map("resources") @@allow('read', tenantId == auth().tenantId) }
 */
const schema = {
  provider: { type: 'postgresql' },
  models: {
    Resource: {
      name: 'Resource',
      fields: {
        tenantId: { name: 'tenantId', type: 'String', id: true, ...named('tenant_id') },
        id: { name: 'id', type: 'String', id: true },
        kind: { name: 'kind', type: 'String' },
        name: { name: 'name', type: 'String' },
        sortName: { name: 'sortName', type: 'String', ...named('sort_name') },
        providerId: { name: 'providerId', type: 'String', ...named('provider_id') },
        updatedAt: { name: 'updatedAt', type: 'DateTime', ...named('updated_at') },
      },
      attributes: [
        { name: '@@map', args: [{ name: 'name', value: literal('resources') }] },
        {
          name: '@@allow',
          args: [
            { name: 'operation', value: literal('read') },
            {
              name: 'condition',
              value: binary(field('tenantId'), '==', member(call('auth'), ['tenantId'])),
            },
          ],
        },
      ],
      idFields: ['tenantId', 'id'],
      uniqueFields: { tenantId_id: { tenantId: { type: 'String' }, id: { type: 'String' } } },
    },
  },
  typeDefs: {
    Auth: { name: 'Auth', fields: { tenantId: { name: 'tenantId', type: 'String' } } },
  },
  authType: 'Auth',
  plugins: {},
} as const satisfies SchemaDef;

const select = { id: true, kind: true, name: true, providerId: true, updatedAt: true } as const;

/** Access policies in the application; PostgreSQL's row security does not come into it. */
export function zenstack(urls: PreparedDatabase, max: number): Peer {
  const pool = new Pool({ connectionString: urls.owner, max });
  const client = new ZenStackClient(schema, { dialect: new PostgresDialect({ pool }) });
  const db = client.$use(new PolicyPlugin());
  return {
    name: 'ZenStack 3 policies, no RLS',
    point: ({ tenantId, id }) =>
      db.$setAuth({ tenantId }).resource.findMany({ where: { id }, select }),
    page: ({ tenantId }) =>
      db
        .$setAuth({ tenantId })
        .resource.findMany({ select, orderBy: [{ sortName: 'asc' }, { id: 'asc' }], take: 50 }),
    close: () => client.$disconnect(),
  };
}
