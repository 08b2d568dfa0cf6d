'use client';
import type { ReactNode } from 'react';

export interface BeginFormProps {
  onBegin: () => void;
  /** A button that submits. */
  children: ReactNode;
}

/** Around a button that leads to a provider: a press before the page is alive is kept until it is. */
export function BeginForm({ onBegin, children }: BeginFormProps) {
  return (
    <form
      // React keeps what is sent too early, and makes it good here.
      action={onBegin}
      onSubmit={(event) => {
        event.preventDefault();
        onBegin();
      }}
    >
      {children}
    </form>
  );
}
