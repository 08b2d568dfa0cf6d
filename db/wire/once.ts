/**
 * What there is once per process, as the pools are: a bundler copies these modules, and the copies
 * share connections.
 */
export function oncePerProcess<Value>(name: string, make: () => Value): Value {
  const key = Symbol.for(`tenantry.${name}`);
  const store = globalThis as unknown as Record<symbol, Value | undefined>;
  store[key] ??= make();
  return store[key];
}
