import { LinkedText } from '@/components/ui';

/** A mail's plain text with its addresses as links. */
export function MailText({ text }: { text: string }) {
  return (
    <p className="whitespace-pre-wrap break-words text-sm leading-6">
      <LinkedText text={text} />
    </p>
  );
}
