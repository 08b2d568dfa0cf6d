'use client';
import { useEffect } from 'react';

/**
 * Loads the page anew when the browser brings it back from its back-forward cache: it may be another
 * person's, or another organisation's, by now.
 */
export function FreshAfterBack() {
  useEffect(() => {
    const onShow = (event: PageTransitionEvent) => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener('pageshow', onShow);
    return () => window.removeEventListener('pageshow', onShow);
  }, []);
  return null;
}
