import { Fragment } from 'react';

const address = /(https?:\/\/[^\s<>"]+)/;

/** A mail's plain text with its addresses as links. */
export function MailText({ text }: { text: string }) {
  const parts = text.split(address).map((part, position) => ({ part, key: `${position}:${part}` }));
  return (
    <p className="whitespace-pre-wrap break-words text-sm leading-6">
      {parts.map(({ part, key }) =>
        address.test(part) ? (
          <a key={key} href={part} className="text-accent underline underline-offset-2">
            {part}
          </a>
        ) : (
          <Fragment key={key}>{part}</Fragment>
        ),
      )}
    </p>
  );
}
