export type FormValue = string | readonly FormValue[] | { readonly [name: string]: FormValue };

/**
 * The values of a form as an object: `trigger.cron` becomes `{trigger: {cron}}`, a name given several
 * times a list. Files are left out.
 */
export function formValues(data: FormData): Record<string, FormValue> {
  const values: Record<string, FormValue> = {};
  for (const name of new Set(data.keys())) {
    const given = data.getAll(name).filter((value) => typeof value === 'string');
    const [first] = given;
    if (first !== undefined) place(values, name.split('.'), given.length > 1 ? given : first);
  }
  return values;
}

function place(into: Record<string, FormValue>, path: readonly string[], value: FormValue): void {
  const [name, ...rest] = path;
  // A form is written by us, but a name such as `__proto__` must not reach a prototype all the same.
  if (name === undefined || name in Object.prototype) return;
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const inner = into[name];
  const next = isObject(inner) ? { ...inner } : {};
  place(next, rest, value);
  into[name] = next;
}

function isObject(value: FormValue | undefined): value is Readonly<Record<string, FormValue>> {
  return typeof value === 'object' && !Array.isArray(value);
}
