import { cn } from './cn';

export interface ProviderMarkProps {
  provider: 'google' | 'microsoft' | 'slack' | (string & {});
  size?: 'sm' | 'md';
  className?: string;
}

const names: Readonly<Record<string, string>> = {
  google: 'Google Workspace',
  microsoft: 'Microsoft 365',
  slack: 'Slack',
};

/** The provider's name for people. */
export function providerName(provider: string): string {
  return names[provider] ?? provider;
}

/** A small sign for a provider. Decorative: its name stands beside it. */
export function ProviderMark({ provider, size = 'md', className }: ProviderMarkProps) {
  return (
    <span
      aria-hidden
      className={cn(
        'inline-flex shrink-0 items-center justify-center rounded-md border bg-surface',
        size === 'md' ? 'size-8 [&_svg]:size-4.5' : 'size-6 [&_svg]:size-3.5',
        className,
      )}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        {provider === 'google' && <GoogleMark />}
        {provider === 'microsoft' && <MicrosoftMark />}
        {provider === 'slack' && <SlackMark />}
      </svg>
    </span>
  );
}

function GoogleMark() {
  return (
    <g fill="none" strokeWidth="3.4">
      <path d="M15.6 5.6A7.1 7.1 0 0 0 4 6.3" stroke="#e94235" />
      <path d="M4 6.3a7.1 7.1 0 0 0 0 7.4" stroke="#f9ab00" />
      <path d="M4 13.7a7.1 7.1 0 0 0 10.9 1.5" stroke="#34a853" />
      <path d="M14.9 15.2A7.1 7.1 0 0 0 17 10h-6.6" stroke="#4285f4" />
    </g>
  );
}

function MicrosoftMark() {
  return (
    <>
      <path d="M2 2h7.5v7.5H2z" fill="#f25022" />
      <path d="M10.5 2H18v7.5h-7.5z" fill="#7fba00" />
      <path d="M2 10.5h7.5V18H2z" fill="#00a4ef" />
      <path d="M10.5 10.5H18V18h-7.5z" fill="#ffb900" />
    </>
  );
}

function SlackMark() {
  return (
    <g fill="none" strokeWidth="3" strokeLinecap="round">
      <path d="M7.6 3.5v4.6" stroke="#36c5f0" />
      <path d="M3.5 12.4h4.6" stroke="#e01e5a" />
      <path d="M12.4 11.9v4.6" stroke="#ecb22e" />
      <path d="M11.9 7.6h4.6" stroke="#2eb67d" />
    </g>
  );
}
