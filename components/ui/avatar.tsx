import { cn } from './cn';

export interface AvatarProps {
  name: string;
  size?: 'sm' | 'md' | 'lg';
  /** Square for organisations, round for people. */
  shape?: 'round' | 'square';
  className?: string;
}

const sizes = { sm: 'size-5 text-[0.5625rem]', md: 'size-7 text-2xs', lg: 'size-10 text-sm' };
const grounds = [
  'bg-accent-soft text-accent',
  'bg-success-soft text-success',
  'bg-warning-soft text-warning',
  'bg-info-soft text-info',
  'bg-danger-soft text-danger',
] as const;

/** Up to two initials on a ground that stays the same for a name. Decorative: the name stands beside. */
export function Avatar({ name, size = 'md', shape = 'round', className }: AvatarProps) {
  return (
    <span
      aria-hidden
      className={cn(
        'inline-flex shrink-0 select-none items-center justify-center font-semibold uppercase',
        shape === 'round' ? 'rounded-full' : 'rounded-md',
        sizes[size],
        grounds[hash(name) % grounds.length],
        className,
      )}
    >
      {initials(name)}
    </span>
  );
}

/** The first letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? '')][0] ?? '').join('') || '?';
}

function hash(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7);
}
