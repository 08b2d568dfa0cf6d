'use client';
import { ArrowRightLeft, CornerDownLeft, Moon, Search, Sun } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTheme } from 'next-themes';
import { Dialog } from 'radix-ui';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { OptionList, overlay, Spinner, useOptions } from '@/components/ui';
import type { PaletteHit } from '@/lib/palette/contract';
import { paletteEvent } from './command-button';
import { hitIcons } from './hit-icons';
import { type NavItem, places } from './navigation';
import type { Organisation, SwitchOrganisation } from './types';
import { useHits } from './use-hits';

export interface CommandPaletteProps {
  nav: readonly NavItem[];
  /** Endpoint that finds things by what is typed, and whatever a pasted id belongs to. */
  searchPath: string;
  /** What it finds, for the empty field: `a tenant, person or id`. */
  finds: string;
  organisation?: Organisation;
  organisations?: readonly Organisation[];
  onSwitch?: SwitchOrganisation;
}

interface Command {
  key: string;
  label: string;
  icon: ReactNode;
  hint?: string;
  run: () => void;
}

/** Ctrl or ⌘ and K: go anywhere, find anything, and switch organisation or theme by typing. */
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

/** The things that were found, as commands that open them. */
function useFound(found: readonly PaletteHit[]): readonly Command[] {
  const router = useRouter();
  return found.map(({ kind, id, label, hint, href }) => {
    const Icon = hitIcons[kind];
    return {
      key: `${kind} ${id}`,
      label,
      icon: <Icon aria-hidden />,
      hint,
      run: () => router.push(href),
    };
  });
}

function Palette(props: CommandPaletteProps & { onDone: () => void }) {
  const [typed, setTyped] = useState('');
  const listId = useId();
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const known = useCommands(props).filter((command) =>
    words.every((word) => command.label.toLowerCase().includes(word)),
  );
  const { hits, pending, error } = useHits(props.searchPath, typed);
  const commands = [...known, ...useFound(hits)];
  function choose(index: number) {
    props.onDone();
    commands[index]?.run();
  }
  const { active, setActive, onKeyDown } = useOptions(commands.length, choose);

  return (
    <>
      <div className="flex items-center gap-2.5 border-b px-4">
        {pending ? (
          <Spinner className="size-4 shrink-0 text-faint" />
        ) : (
          <Search aria-hidden className="size-4 shrink-0 text-faint" />
        )}
        <input
          role="combobox"
          aria-label="Go to"
          aria-expanded
          aria-autocomplete="list"
          aria-controls={listId}
          aria-activedescendant={commands[active] ? `${listId}-${active}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={`A page, ${props.finds}`}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 min-w-0 flex-1 bg-transparent text-lg outline-none placeholder:text-faint"
        />
      </div>
      <OptionList
        id={listId}
        active={active}
        onActive={setActive}
        onChoose={choose}
        empty={pending ? 'Looking…' : (error ?? 'Nothing by that name or id')}
        options={commands.map((command, index) => ({
          ...command,
          hint: (
            <span className="flex items-center gap-2">
              {command.hint}
              {index === active && <CornerDownLeft aria-hidden />}
            </span>
          ),
        }))}
      />
      <p role="status" className="sr-only">
        {words.length > 0 && !pending && commands.length > 0 && countWords(commands.length)}
      </p>
    </>
  );
}

const countWords = (count: number) => (count === 1 ? '1 result' : `${count} results`);

function useCommands(props: CommandPaletteProps): readonly Command[] {
  const { nav, organisation, organisations = [], onSwitch } = props;
  const router = useRouter();
  const { resolvedTheme, setTheme } = useTheme();
  const dark = resolvedTheme === 'dark';
  return [
    ...nav.map(({ id, href }) => {
      const place = places[id];
      return {
        key: id,
        label: place.label,
        icon: <place.icon aria-hidden />,
        run: () => router.push(href ?? place.href),
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
