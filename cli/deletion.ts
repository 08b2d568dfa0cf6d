import { readFileSync } from 'node:fs';
import type { Certificate } from '@/lib/lifecycle/certificate';

export const deletionHelp = `  npm run tenantry -- deletion verify FILE [KEY]
                                              look at the signature of a deletion's certificate, with
                                              nothing but the file; KEY is the verifier key that you
                                              have from elsewhere
`;

function read<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new Error(`The certificate does not hold. ${(error as Error).message}`);
  }
}

/** What is said of the audit record's last signed state. @throws Error when it is another's */
async function recordText(certificate: Certificate): Promise<string> {
  const { certifiedRecord } = await import('@/lib/lifecycle/certificate');
  const last = read(() => certifiedRecord(certificate));
  if (!last) {
    const { state = 'empty' } = certificate.recordState ?? {};
    return state === 'empty' ? 'nothing was ever on it' : 'no checkpoint of it is there';
  }
  const by = last.sameKey
    ? 'signed with the key of this certificate'
    : 'NOT signed with the key of this certificate: hold it against the key of the record that you have';
  return `${last.size} events, ${by}`;
}

const indent = '\n              ';

/** Whether that was all of it, and what it means. */
async function stateText(certificate: Certificate): Promise<string> {
  const [{ recordWords }, { missingEvents }] = await Promise.all([
    import('@/lib/lifecycle/contract'),
    import('@/lib/lifecycle/certificate'),
  ]);
  const { title, text, sound } = recordWords(certificate.recordState);
  const missing = missingEvents(certificate);
  const lost =
    missing > 0
      ? `${indent}NOT WHOLE: ${missing.toLocaleString('en')} of its sealed events were gone before it was erased; \`rows\` counts what was there.`
      : '';
  return `${sound ? title : `ATTENTION: ${title}`}.${indent}${text}${lost}`;
}

interface Outcome {
  readonly text: string;
  readonly code: 0 | 2;
}

/** @throws Error for another command, a file that is not there, or one that does not hold */
export async function deletion([command, file, key]: readonly string[]): Promise<Outcome> {
  if (command !== 'verify' || !file) throw new Error(`Name a file.\n\n${deletionHelp}`);
  const { verifyCertificate } = await import('@/lib/lifecycle/certificate');
  const verdict = verifyCertificate(readFileSync(file, 'utf8'), key);
  if (!verdict.valid) throw new Error(`The certificate does not hold. ${verdict.why}`);
  const { certificate, trusted } = verdict;
  const revoked = certificate.connections.filter((one) => one.revoked).length;
  const lines = [
    'The certificate holds: nothing in it was changed since it was signed.',
    `Organisation  ${certificate.tenantId}`,
    `Asked for     ${certificate.askedAt} by ${certificate.askedBy === 'owner' ? 'an owner' : 'staff'}`,
    `Erased        ${certificate.erasedAt}`,
    `Rows          ${certificate.rowsTotal}, in ${Object.keys(certificate.rows).length} tables; ${certificate.files} files`,
    `Keys          ${certificate.keysDestroyed} destroyed`,
    `Connections   ${revoked} of ${certificate.connections.length} revoked at the provider`,
    `Scan          nothing left in ${certificate.scannedTables} tables`,
    `Record        ${await recordText(certificate)}`,
    `              ${await stateText(certificate)}`,
    trusted
      ? 'It was signed with the key that you gave.'
      : `It was signed with this key; compare it with one that you have from elsewhere:\n              ${certificate.verifierKey}`,
  ];
  return { text: lines.join('\n'), code: 0 };
}
