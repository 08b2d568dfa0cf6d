import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './server';
import type { TenantIds } from './tenant';

/** Addresses of all pages, or all endpoints, as `/runs/[id]`. */
export function places(kind: 'page.tsx' | 'route.ts'): readonly string[] {
  return readdirSync(join(root, 'app'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.split('/').at(-1) === kind)
    .map((path) => `/${path.split('/').slice(0, -1).join('/')}`.replaceAll(/\/\([^)]+\)/g, ''))
    .map((path) => path.replace(/\/$/, '') || '/')
    .sort();
}

/** Ids that nobody has. */
export const nowhere = Object.fromEntries(
  [
    'tenant',
    'connection',
    'resource',
    'automation',
    'run',
    'step',
    'report',
    'event',
    'member',
    'invitation',
    'request',
    'person',
  ].map((kind) => [kind, '00000000-0000-7000-8000-000000000000']),
) as unknown as TenantIds;
