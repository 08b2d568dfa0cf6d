import { FlaskConical } from 'lucide-react';

/** Says that nothing here reaches a real provider. */
export function DemoBanner() {
  return (
    <p className="flex items-center justify-center gap-2 border-b border-warning-line bg-warning-soft px-4 py-1 text-center text-warning text-xs">
      <FlaskConical aria-hidden className="size-3.5 shrink-0" />
      Demo: providers are stand-ins on this machine, and nothing leaves it.
    </p>
  );
}
