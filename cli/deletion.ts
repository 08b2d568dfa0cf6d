import { readFileSync } from 'node:fs';

export const deletionHelp = `  npm run tenantry -- deletion verify FILE [KEY]
                                              look at the signature of a deletion's certificate, with
                                              nothing but the file; KEY is the verifier key that you
                                              have from elsewhere
`;

interface Outcome {
  readonly text: string;
  readonly code: 0 | 2;
}

/** @throws Error for another command, a file that is not there, or a signature that does not hold */
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
    trusted
      ? 'It was signed with the key that you gave.'
      : `It was signed with this key; compare it with one that you have from elsewhere:\n              ${certificate.verifierKey}`,
  ];
  return { text: lines.join('\n'), code: 0 };
}
