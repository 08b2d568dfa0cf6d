import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** Iterations that PostgreSQL uses itself (`scram_iterations`). */
const ITERATIONS = 4096;

/**
 * The verifier that PostgreSQL keeps for a password (RFC 5803, SCRAM-SHA-256). Handing over the
 * verifier keeps the password out of statements, and so out of the server's logs.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const server = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${server}`;
}
