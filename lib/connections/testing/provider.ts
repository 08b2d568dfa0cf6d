import { findWay, type ProviderWay } from '@/lib/providers';

export function testWay(): ProviderWay {
  const way = findWay('google', 'delegated');
  if (!way) throw new Error('there is no Google adapter');
  return way;
}
