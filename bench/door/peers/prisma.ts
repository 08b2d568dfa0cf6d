import { PrismaPg } from '@prisma/adapter-pg';
import { contextToken } from '@/db/context-token';
import type { PreparedDatabase } from '@/db/migrate';
import type { Target } from '../data';
import type { Peer } from './peer';
import { prismaClass } from './prisma-model';

interface Find {
  readonly where?: Readonly<Record<string, string>>;
  readonly select: Readonly<Record<string, true>>;
  readonly orderBy?: readonly Readonly<Record<string, 'asc'>>[];
  readonly take?: number;
}
interface Operation {
  readonly args: unknown;
  query(args: unknown): Promise<unknown>;
}
/** What we use of a generated client. */
interface Client {
  readonly resource: { findMany(find: Find): Promise<unknown[]> };
  $executeRaw(text: TemplateStringsArray, ...values: unknown[]): Promise<number>;
  $transaction(steps: readonly Promise<unknown>[]): Promise<unknown[]>;
  $extends(extension: {
    query: { $allModels: { $allOperations(operation: Operation): Promise<unknown> } };
  }): Client;
  $disconnect(): Promise<void>;
}

const select = { id: true, kind: true, name: true, providerId: true, updatedAt: true } as const;

/**
 * The extension of Prisma's own example for row security, per request:
 * https://github.com/prisma/prisma-client-extensions/tree/main/row-level-security
 */
export function prisma(urls: PreparedDatabase, max: number): Peer {
  const Class = prismaClass() as new (options: { adapter: PrismaPg }) => Client;
  const client = new Class({ adapter: new PrismaPg({ connectionString: urls.app, max }) });
  const forTenant = ({ tenantId }: Target) =>
    client.$extends({
      query: {
        $allModels: {
          async $allOperations({ args, query }) {
            const token = contextToken(urls.contextKey, tenantId);
            const [, result] = await client.$transaction([
              client.$executeRaw`select public.use_tenant(${token})`,
              query(args),
            ]);
            return result;
          },
        },
      },
    });
  return {
    name: 'Prisma 7 with its RLS extension',
    point: (target) =>
      forTenant(target).resource.findMany({
        where: { tenantId: target.tenantId, id: target.id },
        select,
      }),
    page: (target) =>
      forTenant(target).resource.findMany({
        where: { tenantId: target.tenantId },
        select,
        orderBy: [{ sortName: 'asc' }, { id: 'asc' }],
        take: 50,
      }),
    close: () => client.$disconnect(),
  };
}
