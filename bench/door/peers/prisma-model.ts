import { readFileSync } from 'node:fs';
import * as runtime from '@prisma/client/runtime/client';

/** The model as Prisma's schema has it. */
const schema = `
generator client {
  provider = "prisma-client"
  output   = "./generated"
}
datasource db {
  provider = "postgresql"
}
model Resource {
  tenantId   String   @map("tenant_id") @db.Uuid
  id         String   @db.Uuid
  kind       String
  name       String
  sortName   String   @map("sort_name")
  providerId String   @map("provider_id")
  updatedAt  DateTime @map("updated_at") @db.Timestamptz
  @@id([tenantId, id])
  @@map("resources")
}
`;

const scalar = (name: string, type: string, dbName?: string) => ({
  name,
  kind: 'scalar' as const,
  type,
  ...(dbName !== undefined && { dbName }),
});

const fields = [
  scalar('tenantId', 'String', 'tenant_id'),
  scalar('id', 'String'),
  scalar('kind', 'String'),
  scalar('name', 'String'),
  scalar('sortName', 'String', 'sort_name'),
  scalar('providerId', 'String', 'provider_id'),
  scalar('updatedAt', 'DateTime', 'updated_at'),
];

/** A part of Prisma's runtime, of which there are no types. */
const load = async (file: string): Promise<unknown> => import(`@prisma/client/runtime/${file}`);

/**
 * The class that `prisma generate` makes of the model. That command downloads a binary, so it is
 * written here as it writes it (`internal/class.ts`); the graph beside is what
 * `@prisma/param-graph-builder` 7.10.0 makes of the same schema.
 */
export function prismaClass(): unknown {
  const graph = readFileSync(new URL('./prisma-graph.json', import.meta.url), 'utf8');
  return runtime.getPrismaClient({
    previewFeatures: [],
    clientVersion: '7.10.0',
    engineVersion: '0edf323efd1d98336f3f0a68684b56f689b900d3',
    activeProvider: 'postgresql',
    inlineSchema: schema,
    runtimeDataModel: {
      models: { Resource: { dbName: 'resources', fields } },
      enums: {},
      types: {},
    },
    parameterizationSchema: JSON.parse(graph),
    compilerWasm: {
      getRuntime: () => load('query_compiler_fast_bg.postgresql.mjs'),
      getQueryCompilerWasmModule: async () => {
        const { wasm } = (await load('query_compiler_fast_bg.postgresql.wasm-base64.mjs')) as {
          wasm: string;
        };
        return new WebAssembly.Module(Buffer.from(wasm, 'base64'));
      },
      importName: './query_compiler_fast_bg.js',
    },
  } as unknown as runtime.GetPrismaClientConfig);
}
