import { format } from 'node:util';
import type { Logger } from 'pino';
import { logger } from './logger';
import { redactValue } from './redact';

/**
 * Let what the framework and libraries write to the console go the way of every line: as JSON, on
 * one line, without secrets. As they write it, a line break in an address begins a line of its own,
 * and an error is printed with all it holds.
 */
export function captureConsole(target: Console = console, to: () => Logger = () => logger): void {
  for (const level of ['error', 'warn'] as const) {
    target[level] = (...parts: unknown[]) => {
      const err = parts.find((part) => part instanceof Error);
      const words = parts.filter((part) => part !== err).map((part) => redactValue(part));
      to()[level](err ? { err } : {}, format(...words).trim());
    };
  }
}
