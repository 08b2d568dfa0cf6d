import { expect, it } from 'vitest';
import { newId } from '@/db';
import { createInput, updateInput } from './input';

const automation = {
  id: newId(),
  template: 'focus-block',
  connectionId: newId(),
  trigger: { type: 'manual' },
};

it.each([
  ['made', createInput],
  ['changed', updateInput],
])('an automation cannot be %s with a name that is dressed up', (_how, input) => {
  expect(input.safeParse({ ...automation, name: 'Tidy up' }).success).toBe(true);
  const { error } = input.safeParse({ ...automation, name: 'Tidy\u202e pu' });
  expect(error?.issues).toMatchObject([
    { path: ['name'], message: 'Use letters, digits and ordinary signs only.' },
  ]);
});
