'use client';
import { Menu } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { Dialog } from 'radix-ui';
import { type ReactNode, useEffect, useState } from 'react';
import { CloseCross, cn, IconButton, overlay } from '@/components/ui';

/** The sidebar as a drawer, for windows narrower than 1024 px. Closes when one has arrived. */
export function MobileNav({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const pathname = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving somewhere is what closes it
  useEffect(() => setOpen(false), [pathname]);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger asChild>
        <IconButton label="Open navigation" icon={<Menu />} />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className={cn(overlay, 'lg:hidden')} />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 left-0 z-50 flex w-72 max-w-[calc(100%-3rem)] flex-col border-r bg-background shadow-lg outline-none data-[state=closed]:animate-slide-out-left data-[state=open]:animate-slide-in-left lg:hidden"
        >
          <Dialog.Title className="sr-only">Navigation</Dialog.Title>
          <CloseCross
            label="Close navigation"
            className="absolute top-3 -right-10 size-8 border-border bg-raised"
          />
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
