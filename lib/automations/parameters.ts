import { z } from 'zod';
import type { FieldDescriptor } from './contract';
import { isTimeZone } from './schedule';

/** One parameter of a template: how it is asked for, and what counts as an answer. */
export interface ParameterField<Value> {
  readonly descriptor: FieldDescriptor;
  readonly schema: z.ZodType<Value, unknown>;
}
export type ParameterFields = Readonly<Record<string, ParameterField<unknown>>>;
export type ParametersOf<Fields extends ParameterFields> = {
  readonly [Key in keyof Fields]: Fields[Key] extends ParameterField<infer Value> ? Value : never;
};

interface Asked {
  readonly label: string;
  readonly hint?: string;
}

/** One line of text. */
export function textField(
  asked: Asked & { readonly default?: string; readonly maxLength: number },
): ParameterField<string> {
  return {
    descriptor: { kind: 'text', default: '', ...asked },
    schema: z
      .string('Write a text.')
      .trim()
      .min(1, 'Please fill this in.')
      .max(asked.maxLength, `At most ${asked.maxLength} characters.`),
  };
}

/** A text of several lines. */
export function paragraphField(
  asked: Asked & { readonly default?: string; readonly maxLength: number },
): ParameterField<string> {
  const { descriptor, schema } = textField(asked);
  return { descriptor: { ...descriptor, kind: 'paragraph', default: '', ...asked }, schema };
}

/** A whole number between bounds; a form sends it as text. */
export function numberField(
  asked: Asked & {
    readonly default: number;
    readonly min: number;
    readonly max: number;
    readonly unit: string;
  },
): ParameterField<number> {
  const message = `Give a whole number from ${asked.min} to ${asked.max}.`;
  return {
    descriptor: { kind: 'number', ...asked },
    schema: z
      .union(
        [
          z.number(),
          z
            .string()
            .regex(/^\s*\d{1,9}\s*$/)
            .transform(Number),
        ],
        message,
      )
      .pipe(z.int(message).min(asked.min, message).max(asked.max, message)),
  };
}

export function emailField(asked: Asked): ParameterField<string> {
  return {
    descriptor: { kind: 'email', default: '', ...asked },
    schema: z
      .string('Give a mail address.')
      .trim()
      .pipe(z.email('Give a mail address such as ada@example.com.').max(254, 'That is too long.')),
  };
}

/** An IANA time zone; the form starts with the browser's own. */
export function timeZoneField(asked: Asked): ParameterField<string> {
  const message = 'Choose a time zone by its name, for example Europe/Berlin.';
  return {
    descriptor: { kind: 'timeZone', default: '', ...asked },
    schema: z.string(message).trim().refine(isTimeZone, message),
  };
}

/** A time of day, `HH:MM` on the 24-hour clock. */
export function timeField(asked: Asked & { readonly default: string }): ParameterField<string> {
  return {
    descriptor: { kind: 'time', ...asked },
    schema: z
      .string('Give a time such as 09:00.')
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Give a time such as 09:00.'),
  };
}

/** Domain names, none or more; a form sends them as one text. */
export function domainsField(asked: Asked): ParameterField<readonly string[]> {
  const message = 'Write domains such as example.com, with commas between them.';
  const domain = z
    .string(message)
    .regex(/^(?=.{3,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, message);
  return {
    descriptor: { kind: 'domains', default: [], ...asked },
    schema: z
      .union([z.array(z.string(message)), z.string()], message)
      .transform((given) =>
        (typeof given === 'string' ? given.split(/[\s,;]+/) : given)
          .map((entry) => entry.trim().toLowerCase())
          .filter((entry) => entry !== ''),
      )
      .pipe(z.array(domain).max(50, 'At most 50 domains.')),
  };
}

/** Mail addresses, none or more; a form sends them as one text. */
export function emailsField(asked: Asked): ParameterField<readonly string[]> {
  const message = 'Write addresses such as ada@example.com, with commas between them.';
  return {
    descriptor: { kind: 'emails', default: [], ...asked },
    schema: z
      .union([z.array(z.string(message)), z.string()], message)
      .transform((given) => [
        ...new Set(
          (typeof given === 'string' ? given.split(/[\s,;]+/) : given)
            .map((entry) => entry.trim().toLowerCase())
            .filter((entry) => entry !== ''),
        ),
      ])
      .pipe(z.array(z.email(message).max(254, message)).max(50, 'At most 50 people.')),
  };
}

/** A channel of the connection, by the provider's id. */
export function channelField(asked: Asked): ParameterField<string> {
  const message = 'Choose a channel.';
  return {
    descriptor: { kind: 'channel', default: '', ...asked },
    schema: z.string(message).min(1, message).max(1_024, message),
  };
}

/** Calendars of the connection, by the provider's id. None chosen means all that are shown. */
export function calendarsField(asked: Asked): ParameterField<readonly string[]> {
  const message = 'Choose from the list.';
  return {
    descriptor: { kind: 'calendars', default: [], ...asked },
    schema: z
      .array(z.string(message).min(1, message).max(1_024, message), message)
      .max(100, 'At most 100 calendars.'),
  };
}

/** The schema of all parameters of a template. Anything else that is sent is dropped. */
export function parametersSchema<Fields extends ParameterFields>(
  fields: Fields,
): z.ZodType<ParametersOf<Fields>, unknown> {
  const shape = Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, field.schema]),
  );
  return z.object(shape) as unknown as z.ZodType<ParametersOf<Fields>, unknown>;
}
