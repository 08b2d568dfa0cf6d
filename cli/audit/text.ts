import type { BundleReport, TenantVerification } from '@/lib/record';

const many = (count: number, one: string): string =>
  `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;

const keptTexts: Readonly<Record<BundleReport['kept'], string | null>> = {
  none: null,
  same: 'It is the very checkpoint that you have from elsewhere.',
  earlier: 'It begins with all that the checkpoint which you have from elsewhere was signed for.',
  not_comparable:
    'It was not held against the checkpoint from elsewhere: that takes the whole record, at least as long.',
};

/** What a verified bundle proves, and what not, for people. */
export function bundleText(report: BundleReport): string {
  const { origin, whole, size, root, events, opened, signature, kept, problems } = report;
  if (problems.length > 0) {
    return ['This does NOT hold:', ...problems.map((problem) => `  ${problem}`)].join('\n');
  }
  const by =
    signature === 'verified'
      ? 'signed with the key that was given'
      : 'whose signature was NOT checked: give the key with --key';
  const proven = [
    `Record ${origin}, checkpoint of ${many(size, 'event')}, root ${root}, ${by}.`,
    '',
    'Proven:',
    whole
      ? `  All ${many(events, 'event')} of the record up to that checkpoint are in this file, unaltered and in their order.`
      : `  ${many(events, 'event')} of this file: in that record, unaltered, and at its place.`,
    `  Names, addresses and details of ${many(opened, 'event')} are those that were sealed.`,
    ...(keptTexts[kept] && kept !== 'not_comparable' ? [`  ${keptTexts[kept]}`] : []),
    '',
    'Not proven:',
    ...(signature === 'unchecked' ? ['  Who signed the checkpoint.'] : []),
    ...(whole ? [] : ['  That the file holds every event that you asked for.']),
    ...(opened < events
      ? [`  The names and details of ${many(events - opened, 'event')}: they are not opened here.`]
      : []),
    ...(kept === 'not_comparable' ? [`  ${keptTexts[kept]}`] : []),
    '  What happened after that checkpoint, and that nothing was forged before an event was first signed for (60 seconds at most).',
  ];
  return proven.join('\n');
}

/** What came of holding one organisation's record against its checkpoints. */
export function databaseText(verification: TenantVerification): string {
  const { tenantId, leaves, anchored, checkpoints, checkpointsThere, findings } = verification;
  const read =
    checkpoints < checkpointsThere
      ? `${many(checkpoints, 'checkpoint')} of ${checkpointsThere.toLocaleString('en')}`
      : many(checkpoints, 'checkpoint');
  const head = `${tenantId}: ${many(leaves, 'event')}, ${anchored.toLocaleString('en')} of them anchored, held against ${read}`;
  if (findings.length === 0) {
    const sealed = verification.opened ? '' : ' (names and details could not be opened)';
    return `${head}: all hold${sealed}.`;
  }
  return [`${head}:`, ...findings.map(({ problem }) => `  ${problem}`)].join('\n');
}
