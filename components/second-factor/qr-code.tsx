export interface QrCodeProps {
  /** Modules to a side, the light margin included. */
  size: number;
  /** SVG path of the dark modules. */
  path: string;
}

/** Dark on light in both themes: many cameras read it no other way. */
export function QrCode({ size, path }: QrCodeProps) {
  return (
    <svg
      role="img"
      aria-label="QR code with the key for your authenticator app"
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-48 self-start rounded-lg border"
    >
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
