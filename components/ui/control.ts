/** The looks shared by everything one types or chooses in. 16 px on touch, or iOS zooms in. */
export const controlStyles = [
  'w-full min-w-0 rounded-md border border-border-strong bg-surface px-2.5 text-sm text-text shadow-xs',
  'transition-[border-color,box-shadow] duration-100 placeholder:text-faint',
  'hover:border-faint focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-accent/35 focus-visible:outline-offset-0',
  'aria-invalid:border-danger aria-invalid:focus-visible:outline-danger/35',
  'disabled:cursor-not-allowed disabled:bg-sunken disabled:text-muted disabled:hover:border-border-strong',
  'pointer-coarse:text-[1rem] dark:bg-sunken',
].join(' ');
