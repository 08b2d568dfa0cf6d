import type { Authority, ProviderKey } from '@/lib/providers/contract';

interface WayWords {
  readonly label: string;
  /** What it reaches, and who has to allow it. */
  readonly description: string;
  /** Who that is, at the provider. */
  readonly administrator: string;
}

/** Who may let people connect their own accounts, where they may not by themselves. */
export const whoAllows: Readonly<Record<ProviderKey, string>> = {
  google: 'an administrator of your Google Workspace',
  microsoft: 'an administrator of your Microsoft 365',
  slack: 'an administrator of your Slack workspace',
};

/** A way to connect, in words by which one can choose. */
export const wayWords: Readonly<Record<ProviderKey, Readonly<Record<Authority, WayWords>>>> = {
  google: {
    delegated: {
      label: 'One person',
      description: 'The mailbox, files and calendars of one account. Its owner allows it.',
      administrator: 'the owner of the account',
    },
    application: {
      label: 'The whole organisation',
      description:
        'Everybody’s mailboxes and calendars, and the shared drives. A super administrator sets it up with a service account of your own.',
      administrator: 'a super administrator of your Google Workspace',
    },
  },
  microsoft: {
    delegated: {
      label: 'One person',
      description:
        'The mailbox, calendar and OneDrive of one account. Its owner allows it; some organisations ask for an administrator.',
      administrator: 'the owner of the account',
    },
    application: {
      label: 'The whole organisation',
      description:
        'Everybody’s mailboxes, calendars and OneDrive, SharePoint and Teams. A Global Administrator allows it once for all.',
      administrator: 'a Global Administrator of your Microsoft 365',
    },
  },
  slack: {
    delegated: {
      label: 'One person',
      description: 'What one person sees in the workspace. They allow it themselves.',
      administrator: 'the person',
    },
    application: {
      label: 'The workspace',
      description:
        'The people and channels of a workspace. An administrator or owner of it allows it.',
      administrator: 'an administrator or owner of your Slack workspace',
    },
  },
};
