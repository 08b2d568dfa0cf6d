'use client';
import { createContext, type ReactNode, useContext } from 'react';

const InsideMain = createContext(false);

/** The page's one main landmark, `#main` of the skip link. */
export function Main({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <main id="main" tabIndex={-1} className={className}>
      <InsideMain value={true}>{children}</InsideMain>
    </main>
  );
}

/** For what is shown within a console and without one: a landmark only where there is none yet. */
export function MainOrPart({ className, children }: { className?: string; children: ReactNode }) {
  return useContext(InsideMain) ? (
    <div className={className}>{children}</div>
  ) : (
    <main className={className}>{children}</main>
  );
}
