/**
 * One value per process. The framework bundles this folder more than once (instrumentation, routes,
 * actions), and a logger's context or a shutdown flag must be the same in all of them.
 */
export function perProcess<Value>(name: string, make: () => Value): Value {
  const key = Symbol.for(`tenantry.${name}`);
  const store = globalThis as unknown as Record<symbol, Value | undefined>;
  store[key] ??= make();
  return store[key];
}
