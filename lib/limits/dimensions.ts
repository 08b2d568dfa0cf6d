import type { ProviderKey } from '@/db/schema';
import type { Demand, Dimension, Dimensions, MeteredCall, Taking } from './bucket';
import { googleDemands, googleDimensions } from './google';
import { microsoftDemands, microsoftDimensions } from './microsoft';
import { slackDemands, slackDimensions } from './slack';

const byProvider: Readonly<
  Record<ProviderKey, { of(call: MeteredCall): readonly Taking[]; kinds: Dimensions }>
> = {
  google: { of: googleDemands, kinds: googleDimensions },
  microsoft: { of: microsoftDemands, kinds: microsoftDimensions },
  slack: { of: slackDemands, kinds: slackDimensions },
};

const nameOf = ({ kind, which }: Taking) => (which ? `${kind}:${which}` : kind);

/**
 * What a call takes from which budgets of its account: the narrowest first, which is the one that a
 * throttled answer is about.
 */
export function demandsOf(provider: ProviderKey, call: MeteredCall): readonly Demand[] {
  const { of, kinds } = byProvider[provider];
  return of(call).flatMap((taking) => {
    const kind = kinds[taking.kind];
    if (!kind) return [];
    const { budget, atOnce } = kind;
    return [
      {
        dimension: nameOf(taking),
        budget,
        units: taking.units,
        ...(atOnce === undefined ? {} : { atOnce }),
      },
    ];
  });
}

/** What is known of a bucket by its name; null for one that no call takes from (any more). */
export function describeDimension(
  provider: ProviderKey,
  dimension: string,
): (Dimension & { readonly which: string | null }) | null {
  const [kind = '', ...which] = dimension.split(':');
  const known = byProvider[provider].kinds[kind];
  return known ? { ...known, which: which.join(':') || null } : null;
}
