import { describe, expect, it } from 'vitest';
import { formValues } from './form-values';

function form(entries: readonly (readonly [string, string])[]): FormData {
  const data = new FormData();
  for (const [name, value] of entries) data.append(name, value);
  return data;
}

describe('formValues', () => {
  it('makes objects of names with dots and lists of repeated ones', () => {
    const data = form([
      ['name', 'Tidy'],
      ['trigger.type', 'schedule'],
      ['trigger.cron', '0 7 * * *'],
      ['label', 'a'],
      ['label', 'b'],
    ]);
    expect(formValues(data)).toEqual({
      name: 'Tidy',
      trigger: { type: 'schedule', cron: '0 7 * * *' },
      label: ['a', 'b'],
    });
  });

  it('reaches no prototype', () => {
    formValues(
      form([
        ['__proto__.polluted', 'yes'],
        ['constructor.prototype.polluted', 'yes'],
      ]),
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
