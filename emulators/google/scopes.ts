/**
 * Which scopes each method accepts, from Google's discovery documents
 * (https://www.googleapis.com/discovery/v1/apis/{gmail/v1,drive/v3,calendar/v3,admin/directory_v1}/rest).
 */
const auth = (...names: string[]) => names.map((name) => `https://www.googleapis.com/auth/${name}`);
const allMail = 'https://mail.google.com/';

export const accepted = {
  gmailRead: [allMail, ...auth('gmail.modify', 'gmail.readonly', 'gmail.metadata')],
  gmailProfile: [
    allMail,
    ...auth('gmail.compose', 'gmail.metadata', 'gmail.modify', 'gmail.readonly'),
  ],
  gmailLabelsRead: [
    allMail,
    ...auth('gmail.labels', 'gmail.metadata', 'gmail.modify', 'gmail.readonly'),
  ],
  gmailLabelsWrite: [allMail, ...auth('gmail.labels', 'gmail.modify')],
  gmailModify: [allMail, ...auth('gmail.modify')],
  gmailAttachments: [allMail, ...auth('gmail.modify', 'gmail.readonly')],
  gmailSend: [allMail, ...auth('gmail.compose', 'gmail.modify', 'gmail.send')],
  driveMetadata: auth(
    'drive',
    'drive.file',
    'drive.metadata',
    'drive.metadata.readonly',
    'drive.readonly',
  ),
  driveSharedDrives: auth('drive', 'drive.readonly'),
  calendarList: auth(
    'calendar',
    'calendar.readonly',
    'calendar.calendarlist',
    'calendar.calendarlist.readonly',
  ),
  calendarEventsRead: auth(
    'calendar',
    'calendar.readonly',
    'calendar.events',
    'calendar.events.readonly',
  ),
  calendarEventsWrite: auth('calendar', 'calendar.events'),
  directoryUsers: auth('admin.directory.user', 'admin.directory.user.readonly'),
  directoryCustomer: auth('admin.directory.customer', 'admin.directory.customer.readonly'),
} as const;

/** Words of the consent page, after Google's own descriptions of these scopes. */
export const scopeTitles: Readonly<Record<string, string>> = Object.fromEntries([
  ['openid', 'Associate you with your personal info on Google'],
  [auth('userinfo.email')[0], 'See your primary Google Account email address'],
  [auth('userinfo.profile')[0], 'See your personal info, including any you’ve made public'],
  [auth('gmail.modify')[0], 'Read, compose and send emails from your Gmail account'],
  [auth('gmail.readonly')[0], 'View your email messages and settings'],
  [auth('gmail.send')[0], 'Send email on your behalf'],
  [auth('gmail.labels')[0], 'See and edit your email labels'],
  [auth('drive.metadata.readonly')[0], 'See information about your Google Drive files'],
  [auth('drive.readonly')[0], 'See and download all your Google Drive files'],
  [auth('calendar.readonly')[0], 'See and download any calendar you can access'],
  [auth('calendar.events')[0], 'View and edit events on all your calendars'],
]);

const longNames: Readonly<Record<string, string>> = {
  email: 'https://www.googleapis.com/auth/userinfo.email',
  profile: 'https://www.googleapis.com/auth/userinfo.profile',
};

/** Scopes of a request: each once, by the long names with which Google answers. */
export function requestedScopes(scope: string): string[] {
  const names = scope.split(/\s+/).filter(Boolean);
  return [...new Set(names.map((name) => longNames[name] ?? name))];
}
