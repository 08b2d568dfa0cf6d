'use client';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { IconButton } from './icon-button';

export interface CopyButtonProps {
  value: string;
  /** What is copied, e.g. `Copy run id`. */
  label?: string;
  className?: string;
}

const confirmationMs = 1_500;

/** Puts a text into the clipboard and says so. */
export function CopyButton({ value, label = 'Copy', className }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), confirmationMs);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      toast.error('Your browser did not allow copying. Mark the text and copy it by hand.');
    }
  }

  return (
    <>
      <IconButton
        size="sm"
        label={label}
        className={className}
        icon={copied ? <Check className="text-success" /> : <Copy />}
        onClick={copy}
      />
      <span role="status" className="sr-only">
        {copied && 'Copied'}
      </span>
    </>
  );
}
