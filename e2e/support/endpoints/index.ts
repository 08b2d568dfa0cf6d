import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { permissions } from '@/lib/tenancy/contract';
import { root } from '../server';

/** A schema as the list has it: JSON Schema, ids marked. */
export interface Sent {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, Sent>>;
  readonly required?: readonly string[];
  readonly items?: Sent;
  readonly anyOf?: readonly Sent[];
  readonly oneOf?: readonly Sent[];
  readonly allOf?: readonly Sent[];
  readonly idKind?: string;
}

const sent = z.record(z.string(), z.unknown()).transform((schema) => schema as Sent);
const shape = {
  file: z.string(),
  /** Of the module: a method, `default`, or an action's name. */
  export: z.string(),
  form: z.enum(['page', 'route', 'action']),
  params: sent.optional(),
  query: sent.optional(),
  body: sent.optional(),
};
const endpoint = z.discriminatedUnion('audience', [
  z.object({ ...shape, audience: z.literal('tenant'), permission: z.enum(permissions) }),
  z.object({
    ...shape,
    audience: z.literal('staff'),
    role: z.enum(['support', 'platform_admin']),
  }),
  z.object({ ...shape, audience: z.literal('public') }),
]);
export type ListedEndpoint = z.output<typeof endpoint>;

const list = z.object({
  endpoints: z.array(endpoint),
  functions: z.array(z.object({ id: z.string(), events: z.array(z.string()) })),
});
export type Listed = z.output<typeof list>;

let known: Listed | undefined;

/** Every endpoint and background function of the source, by the wrappers' own word. */
export function listed(): Listed {
  if (known) return known;
  const file = join(root, 'e2e/support/endpoints/list.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', file], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'silent' },
  });
  if (status !== 0) throw new Error(`The endpoints could not be listed:\n${stderr}`);
  known = list.parse(JSON.parse(stdout));
  return known;
}

/** `app/(tenant)/runs/actions.ts#rerun`, `GET /api/runs/[id]` or `/runs/[id]`: for people. */
export function nameOf(one: ListedEndpoint): string {
  if (one.form === 'action') return `${one.file}#${one.export}`;
  return one.form === 'route' ? `${one.export} ${addressOf(one)}` : addressOf(one);
}

/** The address of a page or route as a pattern: `/runs/[id]`. */
export function addressOf({ file }: ListedEndpoint): string {
  const folders = file.split('/').slice(1, -1);
  return `/${folders.filter((each) => !/^\(.+\)$/.test(each)).join('/')}`;
}
