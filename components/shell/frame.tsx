import type { ReactNode } from 'react';
import { cn, Main } from '@/components/ui';
import { FreshAfterBack } from './fresh-after-back';
import { MobileNav } from './mobile-nav';
import { SkipLink } from './skip-link';

export interface FrameProps {
  /** The content of the sidebar, also of the drawer on a small screen. */
  sidebar: ReactNode;
  /** Beside the menu button on a small screen. */
  compactTitle: ReactNode;
  /** Above everything: a `Banner` that says which console this is. */
  strip?: ReactNode;
  /** Below it: a `Banner` of the page's choice. */
  banner?: ReactNode;
  console: 'workspace' | 'support';
  children: ReactNode;
}

const bannerHeight = ['[--banners:0rem]', '[--banners:1.75rem]', '[--banners:3.5rem]'];

/** The frame both consoles share: banners, sidebar or top bar, and the main landmark. */
export function Frame(props: FrameProps) {
  const { sidebar, compactTitle, strip, banner, console, children } = props;
  const height = bannerHeight[[strip, banner].filter(Boolean).length];
  return (
    <div data-console={console} className={cn('flex min-h-dvh flex-col', height)}>
      <SkipLink />
      <FreshAfterBack />
      <div className="z-30 lg:sticky lg:top-0">
        {strip}
        {banner}
      </div>
      <div className="flex flex-1 flex-col lg:flex-row">
        <aside
          aria-label="Sidebar"
          className="sticky top-(--banners) hidden h-[calc(100dvh-var(--banners))] w-60 shrink-0 flex-col border-r lg:flex 2xl:w-64"
        >
          {sidebar}
        </aside>
        <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b bg-background/90 px-3 backdrop-blur-md lg:hidden">
          <MobileNav>{sidebar}</MobileNav>
          <div className="min-w-0 flex-1">{compactTitle}</div>
        </header>
        <Main className="min-w-0 flex-1 scroll-mt-16 px-4 pt-5 pb-16 outline-none sm:px-6 lg:px-8 lg:pt-7">
          <div className="mx-auto w-full max-w-6xl 2xl:max-w-7xl min-[2400px]:max-w-[104rem]">
            {children}
          </div>
        </Main>
      </div>
    </div>
  );
}
