import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type Endpoint, endpointOf } from '@/lib/access';
import { functions } from '@/lib/functions';
import { root } from '../server';

/**
 * Prints every endpoint that the wrappers declare, and every background function. A process of its
 * own, because it loads what only a server loads; `listed()` starts it and reads what it says.
 */

/** What is sent, as JSON Schema: with the metadata that marks ids. */
const asSent = (schema: z.ZodType | undefined) =>
  schema && z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

const who = (endpoint: Endpoint) =>
  endpoint.audience === 'tenant'
    ? { audience: endpoint.audience, permission: endpoint.permission }
    : endpoint.audience === 'staff'
      ? { audience: endpoint.audience, role: endpoint.role }
      : { audience: endpoint.audience };

/** Modules that can hold endpoints: anything but tests, types and what only browsers load. */
const files = readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /(?:^|\/)(?:page|route|actions)\.tsx?$/.test(file))
  .sort();

const endpoints = [];
for (const file of files) {
  const exported = (await import(pathToFileURL(join(root, 'app', file)).href)) as object;
  for (const [name, value] of Object.entries(exported)) {
    const endpoint = endpointOf(value);
    if (!endpoint) continue;
    const { form, params, query, body } = endpoint.shape;
    const shape = { params: asSent(params), query: asSent(query), body: asSent(body) };
    endpoints.push({ file: `app/${file}`, export: name, form, ...who(endpoint), ...shape });
  }
}

interface Options {
  readonly id: string;
  readonly triggers?: readonly { readonly event?: unknown }[];
}

const jobs = functions.map((each) => {
  const { id, triggers } = each.opts as Options;
  return { id, events: (triggers ?? []).flatMap(({ event }) => (event ? [String(event)] : [])) };
});

process.stdout.write(JSON.stringify({ endpoints, functions: jobs }), () => process.exit(0));
