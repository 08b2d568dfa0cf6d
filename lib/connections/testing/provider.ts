import { findProvider, type Provider } from '@/lib/providers';

export function testProvider(): Provider {
  const provider = findProvider('google');
  if (!provider) throw new Error('there is no Google adapter');
  return provider;
}
