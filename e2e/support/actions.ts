import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { APIRequestContext } from '@playwright/test';
import { z } from 'zod';
import { root } from './server';

/** A server action of the build: what stands in its file, and how the browser calls it. */
export interface BuiltAction {
  /** `app/(tenant)/runs/actions.ts#rerun` */
  readonly name: string;
  readonly id: string;
  /** A page that has it, as a pattern: `/runs/[id]`. */
  readonly page: string;
}

const manifest = z.object({
  node: z.record(
    z.string(),
    z.object({
      filename: z.string(),
      exportedName: z.string(),
      workers: z.record(z.string(), z.unknown()),
    }),
  ),
});

const pageOf = (worker: string) =>
  worker
    .replace(/^app/, '')
    .replaceAll(/\/\([^)]+\)/g, '')
    .replace(/\/page$/, '') || '/';

let known: readonly BuiltAction[] | undefined;

/** Every server action that the running build would answer. */
export function builtActions(): readonly BuiltAction[] {
  known ??= readActions();
  return known;
}

function readActions(): readonly BuiltAction[] {
  const file = join(root, '.next/server/server-reference-manifest.json');
  const { node } = manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
  return Object.entries(node)
    .map(([id, { filename, exportedName, workers }]) => ({
      id,
      name: `${filename}#${exportedName}`,
      page: pageOf(Object.keys(workers)[0] ?? ''),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface ActionAnswer {
  readonly status: number;
  /** What the action returned; undefined when it led elsewhere or was not reached. */
  readonly result: ActionResult | undefined;
  /** Where it leads, if it does. */
  readonly redirect: string | undefined;
}

type ActionResult =
  | { readonly ok: true; readonly data?: unknown }
  | {
      readonly ok: false;
      readonly error: {
        readonly code: string;
        readonly requestId: string;
        readonly fields?: Readonly<Record<string, string>>;
      };
    };

/** The action's own answer is the second row of the stream that the page is sent as. */
function resultIn(stream: string): ActionResult | undefined {
  const row = /^1:(\{.*\})$/m.exec(stream)?.[1];
  return row === undefined ? undefined : (JSON.parse(row) as ActionResult);
}

/**
 * Call a server action as the browser does, with whatever arguments.
 * @param name as `builtActions` has it
 */
export async function callAction(
  request: APIRequestContext,
  name: string,
  input: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<ActionAnswer> {
  const action = builtActions().find((each) => each.name === name);
  if (!action) throw new Error(`The build has no action ${name}.`);
  const somewhere = action.page.replaceAll(/\[[^\]]+\]/g, '00000000-0000-7000-8000-000000000000');
  const response = await request.post(somewhere, {
    headers: {
      accept: 'text/x-component',
      'content-type': 'text/plain;charset=UTF-8',
      'next-action': action.id,
      ...headers,
    },
    data: JSON.stringify(input === undefined ? ['$undefined'] : [input]),
    maxRedirects: 0,
  });
  const location = response.headers()['x-action-redirect']?.split(';')[0];
  return {
    status: response.status(),
    result: resultIn(await response.text()),
    redirect: location,
  };
}
