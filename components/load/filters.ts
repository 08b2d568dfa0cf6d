import type { Filter } from '@/components/ui';
import { defaultWindow, type LoadWindow, loadWindows, windowWords } from '@/lib/load/contract';

/** How far back the charts go, as it stands in the address. */
export const windowFilter: readonly Filter[] = [
  {
    param: 'window',
    label: 'Time',
    unset: windowWords[defaultWindow],
    options: (Object.keys(loadWindows) as LoadWindow[])
      .filter((window) => window !== defaultWindow)
      .map((window) => ({ value: window, label: windowWords[window] })),
  },
];
