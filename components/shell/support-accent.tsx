'use client';
import { useEffect } from 'react';

/** Menus and dialogs open outside the frame: marks the document, so that they take its accent too. */
export function SupportAccent() {
  useEffect(() => {
    document.documentElement.dataset.console = 'support';
    return () => {
      delete document.documentElement.dataset.console;
    };
  }, []);
  return null;
}
