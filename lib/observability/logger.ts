import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { env } from '@/lib/env';
import { logFields } from './context';
import { describeError, redactText, redactValue } from './redact';
import { perProcess } from './shared';

export interface LoggerOptions {
  readonly level: string;
  readonly destination: DestinationStream;
}

const redactRecord = (record: object) => redactValue(record) as Record<string, unknown>;

/**
 * A logger that writes one JSON object a line, with the ids of the work at hand and without secrets:
 * values are redacted by their key at any depth, and the finished line by the shape of what is in it,
 * which also covers messages.
 */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const root = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: logFields,
      serializers: { err: (error: unknown) => describeError(error), error: describeError },
      formatters: {
        level: (label) => ({ level: label }),
        log: redactRecord,
      },
      hooks: { streamWrite: redactText },
    },
    destination,
  );
  // What a child is given is written into each of its lines and passes by the formatters.
  const child = root.child;
  root.child = function redactedChild(this: Logger, bindings: object, options?: object) {
    return child.call(this, redactRecord(bindings), options);
  } as typeof child;
  return root;
}

function makeLogger(): Logger {
  const destination =
    env.LOG_FORMAT === 'pretty'
      ? pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss', colorize: true })
      : pino.destination({ fd: 1, sync: true });
  return createLogger({ level: env.LOG_LEVEL, destination });
}

const processLogger = (): Logger => perProcess('logger', makeLogger);

/** The process's logger. Made on first use, so that loading a module needs no configuration. */
export const logger: Logger = new Proxy({} as Logger, {
  get(_target, key) {
    const target = processLogger();
    const value: unknown = Reflect.get(target, key);
    return typeof value === 'function' ? value.bind(target) : value;
  },
});
