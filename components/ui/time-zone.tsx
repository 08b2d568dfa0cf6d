'use client';
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';

const TimeZoneContext = createContext<string | null>(null);

/** Fixes the time zone of all times below it, e.g. an automation's own. */
export function TimeZone({ zone, children }: { zone: string; children: ReactNode }) {
  return <TimeZoneContext value={zone}>{children}</TimeZoneContext>;
}

const never = () => () => undefined;

/** The zone to show times in: what was asked for, else the browser's; UTC until hydrated. */
export function useTimeZone(asked?: string): string {
  const fixed = useContext(TimeZoneContext);
  const own = useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => 'UTC',
  );
  return asked ?? fixed ?? own;
}
