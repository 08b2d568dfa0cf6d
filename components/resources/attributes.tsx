import type { ReactNode } from 'react';
import { DateTime, type KeyValueItem } from '@/components/ui';

/** Bytes in the unit that people would choose. */
function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1_000 ** step;
  return `${value >= 10 || step === 0 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}

const asSize = (value: unknown) => (typeof value === 'number' ? size(value) : null);
const asNumber = (value: unknown) =>
  typeof value === 'number' ? value.toLocaleString('en') : null;
const asYesNo = (value: unknown) => (value === true ? 'Yes' : 'No');
const asText = (value: unknown) =>
  value === null || value === undefined || value === '' ? null : String(value);
const asTime = (value: unknown) =>
  typeof value === 'string' ? <DateTime value={value} format="absolute" /> : null;

/** Only what leads to the web becomes a link. */
function asLink(value: unknown): ReactNode {
  if (typeof value !== 'string' || !/^https?:\/\//.test(value)) return null;
  return (
    <a
      href={value}
      target="_blank"
      rel="noreferrer"
      className="break-all text-accent underline-offset-4 hover:underline"
    >
      Open at the provider
    </a>
  );
}

/** Attributes that discovery keeps, in words; what is not listed is shown as it is named. */
const known: Readonly<Record<string, readonly [string, (value: unknown) => ReactNode]>> = {
  messagesTotal: ['Messages', asNumber],
  threadsTotal: ['Conversations', asNumber],
  type: ['Type', asText],
  colour: ['Colour', asText],
  owner: ['Owner', asText],
  bytesUsed: ['Used', asSize],
  bytesLimit: ['Limit', asSize],
  bytes: ['Size', asSize],
  mimeType: ['File type', asText],
  shared: ['Shared', asYesNo],
  createdAt: ['Created', asTime],
  modifiedAt: ['Changed at the provider', asTime],
  link: ['Link', asLink],
  timeZone: ['Time zone', asText],
  accessRole: ['Access', asText],
  primary: ['Main calendar', asYesNo],
  shown: ['Shown in its app', asYesNo],
  description: ['Description', asText],
};

/** What a resource is like at the provider. */
export function attributeItems(attributes: Readonly<Record<string, unknown>>): KeyValueItem[] {
  return Object.entries(attributes).map(([name, value]) => {
    const [label, show] = known[name] ?? [name, asText];
    return { label, value: show(value) };
  });
}
