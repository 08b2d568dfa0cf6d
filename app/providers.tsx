'use client';
import { setNonce } from 'get-nonce';
import { ThemeProvider, useTheme } from 'next-themes';
import { type ReactNode, useState } from 'react';
import { Toaster } from 'sonner';
import { QueryScope } from '@/components/shell/query-scope';
import { TooltipProvider } from '@/components/ui';

export interface ProvidersProps {
  nonce: string;
  children: ReactNode;
}

/** What every page needs in the browser: theme, server state, tooltips, toasts. */
export function Providers({ nonce, children }: ProvidersProps) {
  // The document keeps the policy it was loaded with, whatever a later navigation brings.
  const [first] = useState(() => {
    // Radix locks scrolling with a style element, which needs the nonce.
    if (typeof window !== 'undefined') setNonce(nonce);
    return nonce;
  });
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      nonce={first}
      disableTransitionOnChange
    >
      <TooltipProvider delayDuration={350} skipDelayDuration={200}>
        <QueryScope key="outside">{children}</QueryScope>
        <Toasts />
      </TooltipProvider>
    </ThemeProvider>
  );
}

function Toasts() {
  const { theme } = useTheme();
  return (
    <Toaster
      theme={theme as 'light' | 'dark' | 'system'}
      position="bottom-right"
      closeButton
      containerAriaLabel="Notifications"
    />
  );
}
