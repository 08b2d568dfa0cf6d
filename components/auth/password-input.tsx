'use client';
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { IconButton, Input } from '@/components/ui';

export interface PasswordInputProps {
  /** Tells password managers whether to fill in or to propose one. */
  autoComplete: 'current-password' | 'new-password';
  autoFocus?: boolean;
}

/** A password that can be looked at while it is typed. */
export function PasswordInput({ autoComplete, autoFocus }: PasswordInputProps) {
  const [shown, setShown] = useState(false);
  return (
    <Input
      type={shown ? 'text' : 'password'}
      autoComplete={autoComplete}
      autoFocus={autoFocus}
      spellCheck={false}
      autoCapitalize="none"
      className="h-10"
      suffix={
        <IconButton
          label={shown ? 'Hide password' : 'Show password'}
          size="sm"
          icon={shown ? <EyeOff /> : <Eye />}
          className="-mr-1"
          onClick={() => setShown(!shown)}
        />
      }
    />
  );
}
