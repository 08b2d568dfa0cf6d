import { describe, expect, it } from 'vitest';
import {
  calendarsField,
  domainsField,
  emailField,
  numberField,
  parametersSchema,
  textField,
  timeField,
  timeZoneField,
} from './parameters';

const schema = parametersSchema({
  label: textField({ label: 'Label', maxLength: 10 }),
  days: numberField({ label: 'Days', default: 7, min: 1, max: 30, unit: 'days' }),
  to: emailField({ label: 'To' }),
  zone: timeZoneField({ label: 'Zone' }),
  at: timeField({ label: 'At', default: '09:00' }),
  domains: domainsField({ label: 'Domains' }),
  calendars: calendarsField({ label: 'Calendars' }),
});
const good = {
  label: ' News ',
  days: '14',
  to: 'ada@example.com',
  zone: 'Europe/Berlin',
  at: '08:30',
  domains: 'Example.com, example.org',
  calendars: ['primary'],
};

describe('parameters', () => {
  it('come as a form sends them and leave with their types', () => {
    expect(schema.parse({ ...good, tenantId: 'sneaked in' })).toEqual({
      label: 'News',
      days: 14,
      to: 'ada@example.com',
      zone: 'Europe/Berlin',
      at: '08:30',
      domains: ['example.com', 'example.org'],
      calendars: ['primary'],
    });
  });

  it.each([
    ['label', '', /fill this in/],
    ['label', 7, /text/],
    ['label', 'x'.repeat(11), /10 characters/],
    ['days', 'seven', /whole number from 1 to 30/],
    ['days', '0', /whole number from 1 to 30/],
    ['days', 31, /whole number from 1 to 30/],
    ['days', 1.5, /whole number from 1 to 30/],
    ['days', '', /whole number from 1 to 30/],
    ['days', null, /whole number from 1 to 30/],
    ['to', 'ada', /mail address/],
    ['zone', 'Mars/Olympus', /time zone/],
    ['at', '25:00', /09:00/],
    ['domains', 'not a domain', /commas/],
    ['calendars', 'primary', /list/],
    ['calendars', [1], /list/],
  ])('%s of %j gets an error at its field', (key, value, message) => {
    const { error } = schema.safeParse({ ...good, [key]: value });
    expect(new Set(error?.issues.map(({ path }) => path[0]))).toEqual(new Set([key]));
    expect(error?.issues[0]?.message).toMatch(message);
  });
});
