import { Fragment } from 'react';

// Not the full stop or bracket behind it.
const address = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/;

/** A text that somebody wrote, with the web addresses in it as links; how it breaks is its parent's. */
export function LinkedText({ text }: { text: string }) {
  const parts = text.split(address).map((part, position) => ({ part, key: `${position}:${part}` }));
  return parts.map(({ part, key }) =>
    address.test(part) ? (
      <a key={key} href={part} className="text-accent underline underline-offset-2">
        {part}
      </a>
    ) : (
      <Fragment key={key}>{part}</Fragment>
    ),
  );
}
