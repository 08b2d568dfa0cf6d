import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Authority, findWay, type ProviderKey } from '@/lib/providers';

/** The permissions that a guide names below a heading, and which of them it calls always needed. */
function named(provider: ProviderKey, heading: string) {
  const text = readFileSync(new URL(`../../docs/connect-${provider}.md`, import.meta.url), 'utf8');
  const section = text.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(([, scope, needed = '']) => ({
    scope,
    required: needed.trim() === 'always',
  }));
}

const ways: readonly (readonly [ProviderKey, Authority, string])[] = [
  ['google', 'delegated', 'One person'],
  ['google', 'application', 'The whole organisation'],
  ['microsoft', 'delegated', 'One person'],
  ['microsoft', 'application', 'The whole organisation'],
  ['slack', 'application', 'The workspace'],
];

describe('the guide for administrators', () => {
  it.each(ways)('of %s, %s, names exactly what is asked for', (provider, authority, heading) => {
    const asked = findWay(provider, authority)?.scopes ?? [];
    expect(named(provider, heading)).toEqual(
      asked.map(({ scope, required }) => ({ scope, required })),
    );
  });
});
