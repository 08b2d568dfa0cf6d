import { defineAction } from './action';

interface Input {
  readonly ownDomains: readonly string[];
  readonly limit: number;
}

export interface SharedFile {
  readonly name: string;
  readonly link: string | null;
  readonly owner: string | null;
  /** ISO 8601, or null where the provider does not say. */
  readonly modifiedAt: string | null;
  readonly sharedWith: string;
  readonly access: string;
}

/** What a person may do with a file, in the words of Drive's own dialogs. */
const accessWords: Readonly<Record<string, string>> = {
  reader: 'can view',
  commenter: 'can comment',
  writer: 'can edit',
  fileOrganizer: 'can organise',
  organizer: 'can manage',
  owner: 'owns it',
};

/** Files that somebody outside can open, one entry per file and outsider. */
export const findSharedFiles = defineAction({
  key: 'files.find_shared',
  needs: ['files.read'],
  changes: false,
  async run({ look }, { ownDomains, limit }: Input) {
    const { files } = await look();
    const shares: SharedFile[] = [];
    let count = 0;
    for await (const batch of files.externallySharedFiles(ownDomains)) {
      for (const file of batch.slice(0, limit - count)) {
        count += 1;
        for (const grant of file.grants) {
          shares.push({
            name: file.name,
            link: file.link,
            owner: file.owner,
            modifiedAt: file.modifiedAt?.toISOString() ?? null,
            sharedWith: grant.target ?? 'Anyone with the link',
            access: accessWords[grant.role] ?? grant.role,
          });
        }
      }
      if (count >= limit) break;
    }
    return { files: count, shares };
  },
});
