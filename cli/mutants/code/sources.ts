// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is looked for has them
import type { SourceMutant } from '../mutant';
import { unit } from './named';

const code = 'cli/doctor/code.test.ts';
const examined = unit(code, 'passes this very code');

/** What only a look at the sources can notice. */
export const sources: readonly SourceMutant[] = [
  {
    kind: 'source',
    name: 'route-without-wrapper',
    class: 'app: an endpoint without cases',
    taken: 'The wrapper of an endpoint: no session, no permission, no input is checked.',
    file: 'app/api/runs/route.ts',
    find: `export const GET = tenantRoute(
  { permission: 'runs:read', query: runFilter.extend({ cursor: cursorParameter }) },
  ({ context, query: { cursor, ...filter } }) => listRuns(context, filter, cursor),
);`,
    instead: `export async function GET(request: Request) {
  const tenantId = request.headers.get('x-tenant-id') as never;
  return Response.json(await listRuns({ tenantId } as never, {} as never, undefined));
}`,
    noticedBy: examined,
  },
  {
    kind: 'source',
    name: 'action-without-wrapper',
    class: 'app: server-action ids and closures',
    taken: 'The wrapper of a server action, whose id anybody can call.',
    file: 'app/(tenant)/runs/actions.ts',
    find: `export const cancel = tenantAction(
  { name: 'runs.cancel', permission: 'runs:mend', input: cancelInput },
  ({ context, input }) => cancelRun(context, input.runId),
);`,
    instead: `export async function cancel(context: never, input: { runId: never }) {
  return cancelRun(context, input.runId);
}`,
    noticedBy: examined,
  },
  {
    kind: 'source',
    name: 'image-optimiser',
    class: 'app: SSRF',
    taken: 'The framework’s image optimiser is on: it fetches whatever address it is given.',
    file: 'next.config.mjs',
    find: 'images: { unoptimized: true },',
    instead: "images: { remotePatterns: [{ protocol: 'https', hostname: '**' }] },",
    noticedBy: unit(
      'app/proxy.test.ts',
      'has no image optimiser beside it, which asks for addresses past it',
    ),
  },
];
