/** The text without what PostgreSQL cannot keep: zero bytes, and halves of surrogate pairs. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\ufffd');
}

/**
 * The same of every text in a plain value, however deep. What others sent us may hold what no column
 * takes, `jsonb` least of all; one odd thing must not stop the rest.
 */
export function storable<Value>(value: Value): Value {
  if (typeof value === 'string') return storableText(value) as Value;
  if (Array.isArray(value)) return value.map(storable) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, item]) => [storableText(name), storable(item)]);
  return Object.fromEntries(entries) as Value;
}
