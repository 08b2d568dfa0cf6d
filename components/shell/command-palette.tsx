'use client';
import { ArrowRightLeft, CornerDownLeft, Moon, Search, Sun } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTheme } from 'next-themes';
import { Dialog } from 'radix-ui';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { OptionList, overlay, useOptions } from '@/components/ui';
import { paletteEvent } from './command-button';
import { type NavItem, places } from './navigation';
import type { Organisation, SwitchOrganisation } from './types';

export interface CommandPaletteProps {
  nav: readonly NavItem[];
  organisation?: Organisation;
  organisations?: readonly Organisation[];
  onSwitch?: SwitchOrganisation;
}

interface Command {
  key: string;
  label: string;
  icon: ReactNode;
  run: () => void;
}

/** Ctrl or ⌘ and K: go anywhere and switch organisation or theme by typing. */
export function CommandPalette(props: CommandPaletteProps) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((now) => !now);
    };
    const onAsked = () => setOpen(true);
    document.addEventListener('keydown', onKey);
    window.addEventListener(paletteEvent, onAsked);
    return () => {
      document.removeEventListener('keydown', onKey);
      window.removeEventListener(paletteEvent, onAsked);
    };
  }, []);

  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className={overlay} />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-4 top-[12dvh] z-50 mx-auto max-w-lg overflow-hidden rounded-xl border bg-raised shadow-lg outline-none data-[state=closed]:animate-pop-out data-[state=open]:animate-pop-in"
        >
          <Dialog.Title className="sr-only">Go to</Dialog.Title>
          <Palette {...props} onDone={() => setOpen(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Palette(props: CommandPaletteProps & { onDone: () => void }) {
  const [typed, setTyped] = useState('');
  const listId = useId();
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const commands = useCommands(props).filter((command) =>
    words.every((word) => command.label.toLowerCase().includes(word)),
  );
  function choose(index: number) {
    props.onDone();
    commands[index]?.run();
  }
  const { active, setActive, onKeyDown } = useOptions(commands.length, choose);

  return (
    <>
      <div className="flex items-center gap-2.5 border-b px-4">
        <Search aria-hidden className="size-4 shrink-0 text-faint" />
        <input
          role="combobox"
          aria-label="Go to"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={commands[active] ? `${listId}-${active}` : undefined}
          autoComplete="off"
          placeholder="Where to?"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 flex-1 bg-transparent text-lg outline-none placeholder:text-faint"
        />
      </div>
      <OptionList
        id={listId}
        active={active}
        onActive={setActive}
        onChoose={choose}
        empty="Nothing by that name"
        options={commands.map((command, index) => ({
          ...command,
          hint: index === active && <CornerDownLeft aria-hidden />,
        }))}
      />
    </>
  );
}

function useCommands(props: CommandPaletteProps): readonly Command[] {
  const { nav, organisation, organisations = [], onSwitch } = props;
  const router = useRouter();
  const { resolvedTheme, setTheme } = useTheme();
  const dark = resolvedTheme === 'dark';
  return [
    ...nav.map(({ id }) => {
      const place = places[id];
      return {
        key: id,
        label: place.label,
        icon: <place.icon aria-hidden />,
        run: () => router.push(place.href),
      };
    }),
    ...organisations
      .filter((each) => each.id !== organisation?.id)
      .map((each) => ({
        key: each.id,
        label: `Switch to ${each.name}`,
        icon: <ArrowRightLeft aria-hidden />,
        run: () => void onSwitch?.(each.id),
      })),
    {
      key: 'theme',
      label: dark ? 'Use the light theme' : 'Use the dark theme',
      icon: dark ? <Sun aria-hidden /> : <Moon aria-hidden />,
      run: () => setTheme(dark ? 'light' : 'dark'),
    },
  ];
}
