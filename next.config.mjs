/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // A fault in a test is no reason not to start.
  typescript: { tsconfigPath: 'tsconfig.build.json' },
  serverExternalPackages: [
    'pg',
    'postgres',
    'pino',
    'pino-pretty',
    'inngest',
    '@node-rs/argon2',
    '@aws-crypto/client-node',
    '@aws-sdk/client-kms',
    '@azure/identity',
    '@azure/keyvault-keys',
    '@googleapis/gmail',
    '@googleapis/drive',
    '@googleapis/calendar',
    'google-auth-library',
    'nodemailer',
    'prom-client',
    'rate-limiter-flexible',
  ],
  // No optimiser: it fetches whatever address it is given, past the proxy.
  images: { unoptimized: true },
  experimental: { authInterrupts: true, serverActions: { bodySizeLimit: '256kb' } },
};
