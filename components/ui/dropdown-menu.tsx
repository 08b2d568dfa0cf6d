'use client';
import { Check } from 'lucide-react';
import { DropdownMenu as Primitive } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';
import { floating } from './overlay';

const item = [
  'relative flex select-none items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none pointer-coarse:py-2.5',
  'data-highlighted:bg-hover data-disabled:cursor-not-allowed data-disabled:text-faint',
  '[&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted',
].join(' ');

export interface DropdownMenuProps {
  trigger: ReactNode;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'right' | 'bottom' | 'left';
  className?: string;
  /** `DropdownItem`, `DropdownLabel`, `DropdownSeparator`, `DropdownRadioGroup`. */
  children: ReactNode;
}

/** A menu of things to do, opened by a button. */
export function DropdownMenu(props: DropdownMenuProps) {
  const { trigger, align = 'end', side = 'bottom', className, children } = props;
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            floating,
            'max-h-(--radix-dropdown-menu-content-available-height) overflow-y-auto p-1',
            className,
          )}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export interface DropdownItemProps extends ComponentProps<typeof Primitive.Item> {
  icon?: ReactNode;
  /** On the right, e.g. a `Kbd`. */
  hint?: ReactNode;
  danger?: boolean;
}

/** `asChild` with one `Link` as child makes it a link. */
export function DropdownItem(props: DropdownItemProps) {
  const { icon, hint, danger, className, children, asChild, ...rest } = props;
  return (
    <Primitive.Item
      asChild={asChild}
      className={cn(
        item,
        danger && 'text-danger data-highlighted:bg-danger-soft [&_svg]:text-danger',
        className,
      )}
      {...rest}
    >
      {asChild ? (
        children
      ) : (
        <>
          {icon}
          <span className="min-w-0 flex-1 truncate">{children}</span>
          {hint && <span className="text-faint text-xs">{hint}</span>}
        </>
      )}
    </Primitive.Item>
  );
}

export const DropdownRadioGroup = Primitive.RadioGroup;

export function DropdownRadioItem(props: ComponentProps<typeof Primitive.RadioItem>) {
  const { className, children, ...rest } = props;
  return (
    <Primitive.RadioItem className={cn(item, 'pr-8', className)} {...rest}>
      {children}
      <Primitive.ItemIndicator className="absolute right-2 flex">
        <Check aria-hidden />
      </Primitive.ItemIndicator>
    </Primitive.RadioItem>
  );
}

export function DropdownLabel({ children }: { children: ReactNode }) {
  return (
    <Primitive.Label className="px-2 pt-1.5 pb-1 font-medium text-2xs text-faint uppercase tracking-wider">
      {children}
    </Primitive.Label>
  );
}

export function DropdownSeparator() {
  return <Primitive.Separator className="-mx-1 my-1 h-px bg-border" />;
}
