'use client';
import { type KeyboardEvent, useState } from 'react';

export interface OptionsControl {
  readonly active: number;
  setActive(index: number): void;
  onKeyDown(event: KeyboardEvent): void;
}

/** Arrow keys, Home, End and Enter over a list of options while the focus stays in an input. */
export function useOptions(count: number, choose: (index: number) => void): OptionsControl {
  const [wanted, setActive] = useState(0);
  const active = Math.min(wanted, Math.max(0, count - 1));

  function onKeyDown(event: KeyboardEvent) {
    const moves: Record<string, number> = {
      ArrowDown: (active + 1) % Math.max(1, count),
      ArrowUp: (active - 1 + count) % Math.max(1, count),
      PageDown: Math.min(count - 1, active + 8),
      PageUp: Math.max(0, active - 8),
    };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setActive(next);
    } else if (event.key === 'Enter' && count > 0) {
      event.preventDefault();
      choose(active);
    }
  }

  return { active, setActive, onKeyDown };
}
