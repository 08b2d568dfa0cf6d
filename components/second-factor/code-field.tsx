'use client';
import { useRef } from 'react';
import { Field, Input } from '@/components/ui';
import type { StandInCode } from '@/lib/second-factor/contract';
import { type ShowStandIn, StandIn } from './stand-in';

/** Where codes come from in a demo; null anywhere else. */
export interface DemoCodes {
  readonly first: StandInCode;
  readonly onShow: ShowStandIn;
}

export interface CodeFieldProps {
  demo: DemoCodes | null;
  label?: string;
  hint?: string;
  autoFocus?: boolean;
}

/** Asks for a code of the second factor, as `code` of the form around it. */
export function CodeField({ demo, label = 'Code', hint, autoFocus = false }: CodeFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      {demo && (
        <StandIn
          first={demo.first}
          onShow={demo.onShow}
          onFill={(code) => {
            if (!input.current) return;
            input.current.value = code;
            input.current.focus();
          }}
        />
      )}
      <Field label={label} name="code" hint={hint} required>
        <Input
          ref={input}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={autoFocus}
          maxLength={60}
          className="h-10 font-mono tracking-widest"
        />
      </Field>
    </>
  );
}
