/** The veil over the page while a dialog or sheet is open. */
export const overlay =
  'fixed inset-0 z-40 bg-scrim data-[state=open]:animate-fade-in data-[state=closed]:animate-fade-out';

/** A centred panel; on a small screen it rests at the bottom, within reach of a thumb. */
export const dialogPanel = [
  'fixed inset-x-0 bottom-0 z-50 mx-auto flex max-h-[88dvh] w-full flex-col rounded-t-xl border bg-raised shadow-lg outline-none',
  'sm:bottom-auto sm:top-[max(2rem,12dvh)] sm:max-h-[76dvh] sm:w-[calc(100%-2rem)] sm:rounded-xl',
  'data-[state=open]:animate-pop-in data-[state=closed]:animate-pop-out',
].join(' ');

/** A floating list or card that belongs to a control. */
export const floating = [
  'z-50 min-w-40 overflow-hidden rounded-lg border bg-raised text-text shadow-md outline-none',
  'data-[state=open]:animate-pop-in data-[state=closed]:animate-pop-out',
].join(' ');
