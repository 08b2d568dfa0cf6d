import { describe, expect, it } from 'vitest';
import { captureConsole } from './console';
import { createLogger } from './logger';

function captured() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const target = { error() {}, warn() {} } as unknown as Console;
  captureConsole(target, () => createLogger({ level: 'info', destination }));
  return { target, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('what others write to the console', () => {
  it('is one line of the log, however many lines a caller put into it', () => {
    const { target, lines, last } = captured();
    target.error('no image at', '/x\n{"level":"error","msg":"forged"}\n', 404);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    expect(last()).toMatchObject({ level: 'error' });
    expect(last().msg).toContain('no image at');
  });

  it('loses its secrets on the way', () => {
    const { target, lines, last } = captured();
    const error = Object.assign(new Error('Bearer abc.def refused'), { token: 'do-not-show' });
    target.error('⨯', error);
    target.warn('answer', { headers: { authorization: 'do-not-show' } }, 'a'.repeat(20_000));
    expect(lines.join('')).not.toMatch(/abc\.def|do-not-show/);
    expect(lines[0]).toContain('"type":"Error"');
    expect(last()).toMatchObject({ level: 'warn' });
    expect(lines[1]?.length).toBeLessThan(10_000);
  });
});
