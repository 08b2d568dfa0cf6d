import { z } from 'zod';
import type { Graph } from './graph';

const organizations = z.object({
  value: z
    .array(
      z.object({
        id: z.string().min(1),
        displayName: z.string().nullish(),
        verifiedDomains: z
          .array(z.object({ name: z.string(), isDefault: z.boolean().nullish() }))
          .default([]),
      }),
    )
    .min(1),
});

export interface Organization {
  /** The directory's id (`tid`). */
  readonly id: string;
  readonly name: string | null;
  /** The mail domain of new accounts. */
  readonly domain: string | null;
}

/** The directory that the token belongs to: there is always exactly one. */
export async function readOrganization(graph: Graph): Promise<Organization> {
  const { value } = await graph.get('/organization', organizations, {
    query: { $select: 'id,displayName,verifiedDomains' },
    takes: ['Organization.Read.All', 'User.Read'],
  });
  const [one] = value as [(typeof value)[number]];
  return {
    id: one.id,
    name: one.displayName ?? null,
    domain: one.verifiedDomains.find(({ isDefault }) => isDefault)?.name.toLowerCase() ?? null,
  };
}
