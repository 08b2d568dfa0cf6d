import { deletions, erasure, type MailId } from '@/db';
import { handOver } from '@/lib/mail';
import { redactText } from '@/lib/observability';
import { ownCertificate, signCertificate, stateOnCertificate } from '../certificate';
import { recordWords } from '../contract';
import { dayWords } from '../grace';
import { StageWaits } from './waits';

/** Attempts to send the certificate; the deletion ends all the same, and staff have it. */
const mostMails = 6;
const pauseSeconds = 60;
/** Tables of the embedded engine that were looked through besides. */
const engineTables = 7;

/** The certificate that is kept of it, if it is one and ours. */
function keptOf(deletion: deletions.DeletionRow | undefined): string | null {
  const kept = deletion?.certificate ?? null;
  return deletion && kept && ownCertificate(kept, deletion.id) ? kept : null;
}

async function certificateOf(deletion: deletions.DeletionRow): Promise<string> {
  const kept = keptOf(deletion);
  if (kept !== null) return kept;
  const scanned = (await erasure.scannedTables()).length + engineTables;
  const certificate = await signCertificate(deletion, scanned);
  await deletions.noteDeletion(deletion.id, 'certifying', { certificate });
  // Of two processes at once the later note holds: the one that is kept is sent.
  return keptOf(await deletions.findDeletion(deletion.id)) ?? certificate;
}

/** Send it to whoever asked; with the same id it is the same mail to its receiver. */
async function send(deletion: deletions.DeletionRow, certificate: string): Promise<void> {
  const { id, tenantName, askedEmail, attempts } = deletion;
  if (!askedEmail) return;
  const { title, text, sound } = recordWords(stateOnCertificate(certificate, id));
  try {
    await handOver({
      id: id as string as MailId,
      to: askedEmail,
      subject: `${tenantName} has been deleted: the certificate`,
      text: [
        `Everything that ${tenantName} had here was erased by ${dayWords(new Date())}.`,
        'The certificate is attached: what was erased and when, how access was given back at the providers, and the last state of the audit record, signed. Keep it: we keep a copy without names.',
        ...(sound ? [] : [`Of the audit record the certificate says: ${title}. ${text}`]),
        'It can be verified without us: it is a signed note (https://c2sp.org/signed-note), and any tool for those takes it with the verifier key that it names. How is said in our guide to deletion, under “Verify a certificate”.',
      ].join('\n\n'),
      attachments: [
        { filename: `deletion-${id}.txt`, content: certificate, contentType: 'text/plain' },
      ],
    });
    await deletions.noteDeletion(id, 'certifying', { mailed_at: new Date(), mail_error: null });
  } catch (error) {
    const reason = redactText(error instanceof Error ? error.message : String(error)).slice(0, 300);
    await deletions.noteDeletion(id, 'certifying', { mail_error: reason });
    if (attempts + 1 < mostMails) {
      throw new StageWaits(pauseSeconds * 2 ** attempts, `The certificate was not sent: ${reason}`);
    }
  }
}

/** Sign the certificate, send it, and forget the last names. */
export async function certify(deletion: deletions.DeletionRow): Promise<void> {
  await send(deletion, await certificateOf(deletion));
  await deletions.finishDeletion(deletion.id);
}
