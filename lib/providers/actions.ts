export interface MessageSearch {
  /** In the provider's own query language (Gmail: https://support.google.com/mail/answer/7190). */
  readonly query: string;
  /** Stop after so many; default 500. */
  readonly limit?: number;
}

export interface MessageAttachment {
  readonly filename: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
}

export interface MessageHeaders {
  readonly id: string;
  readonly threadId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** When the provider accepted it. */
  readonly receivedAt: Date;
  /** The raw List-Unsubscribe header (RFC 2369), or null: a newsletter has one. */
  readonly listUnsubscribe: string | null;
  /** The Message-ID header (RFC 5322), angle brackets included, or null. */
  readonly messageId: string | null;
  readonly labelIds: readonly string[];
  readonly snippet: string;
  readonly attachments: readonly MessageAttachment[];
}

export interface LabelRef {
  readonly id: string;
  readonly name: string;
  /** Whether this very call made it. */
  readonly created: boolean;
}

export interface OutgoingMessage {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Chosen by the caller and the same on every attempt, `<local@domain>`: how a send whose answer was lost is found again. */
  readonly messageId: string;
}

export interface SentMessage {
  readonly id: string;
  readonly threadId: string;
}

export interface MailActions {
  /** Message ids, newest first. Pages through by itself. */
  searchMessages(search: MessageSearch): AsyncGenerator<readonly string[]>;
  getMessage(id: string): Promise<MessageHeaders>;
  /** The label of that name, made if it isn't there. Safe to repeat. */
  ensureLabel(name: string): Promise<LabelRef>;
  /** The label of that name, or null; changes nothing (for a dry run). */
  findLabel(name: string): Promise<LabelRef | null>;
  /** Adds and removes labels on one message. Safe to repeat. */
  modifyMessageLabels(
    id: string,
    change: { readonly add?: readonly string[]; readonly remove?: readonly string[] },
  ): Promise<void>;
  /** Not safe to repeat: after an ambiguous failure ask `findSentByMessageId` first. */
  send(message: OutgoingMessage): Promise<SentMessage>;
  /** The sent message with this Message-ID, or null when it never left. */
  findSentByMessageId(messageId: string): Promise<SentMessage | null>;
}

export interface AgendaEvent {
  readonly id: string;
  readonly calendarId: string;
  readonly calendarName: string;
  readonly title: string;
  /** For a whole-day event midnight in the asked time zone. */
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly allDay: boolean;
  readonly location: string | null;
  readonly attendees: readonly string[];
  readonly link: string | null;
}

export interface NewEvent {
  /** The provider’s id of it, or `primary`: the person’s own. */
  readonly calendarId: string;
  /** Chosen by the caller, the same on every attempt; lower-case base32hex, 5 to 1,024 characters. */
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** IANA name. */
  readonly timeZone: string;
}

export interface CreatedEvent {
  readonly id: string;
  readonly link: string | null;
  /** False when an earlier attempt had made it already. */
  readonly created: boolean;
}

export interface CalendarActions {
  /**
   * What happens on one day in all calendars that are shown, sorted by start.
   * @param day any moment of that day @param timeZone IANA name that says when it begins and ends
   */
  eventsOnDay(day: Date, timeZone: string): Promise<readonly AgendaEvent[]>;
  /** Safe to repeat: the id makes a second attempt find the first one's event. */
  createEvent(event: NewEvent): Promise<CreatedEvent>;
}

export interface ExternalGrant {
  /** `anyone` by link, a foreign `domain`, or one foreign `person` or `group`. */
  readonly with: 'anyone' | 'domain' | 'person' | 'group';
  /** Mail address or domain; null for `anyone`. */
  readonly target: string | null;
  readonly role: string;
}

export interface ExternallySharedFile {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly link: string | null;
  readonly modifiedAt: Date | null;
  readonly owner: string | null;
  readonly grants: readonly ExternalGrant[];
}

export interface FileActions {
  /**
   * Files one owns that somebody outside can open. Pages through by itself, batch by batch.
   * @param ownDomains mail domains that count as inside, lower case
   */
  externallySharedFiles(
    ownDomains: readonly string[],
  ): AsyncGenerator<readonly ExternallySharedFile[]>;
}

export interface ChannelMessage {
  readonly channelId: string;
  /** Plain text; line breaks are kept. */
  readonly text: string;
  /** Chosen by the caller and the same on every attempt (a UUID): how a lost answer is found again. */
  readonly key: string;
}

export interface PostedMessage {
  readonly id: string;
  readonly link: string | null;
}

/** Channels that people talk in. */
export interface ChannelActions {
  /** Not safe to repeat: after an ambiguous failure ask `findPosted` first. */
  post(message: ChannelMessage): Promise<PostedMessage>;
  /**
   * The message posted with this key, or null when it never got there; `unclear` where the provider
   * does not let us look.
   */
  findPosted(
    message: Pick<ChannelMessage, 'channelId' | 'key' | 'text'>,
  ): Promise<PostedMessage | 'unclear' | null>;
}

/** Looking after channels. Every method is safe to repeat. */
export interface ChannelAdministration {
  /** The channel of that name, made if it isn't there. */
  open(
    name: string,
    isPrivate: boolean,
  ): Promise<{ readonly id: string; readonly created: boolean }>;
  /** The channel of that name, or null; changes nothing (for a dry run). */
  find(name: string): Promise<{ readonly id: string; readonly archived: boolean } | null>;
  /** The account of somebody, by mail address; null when the provider knows nobody of that address. */
  findPerson(address: string): Promise<string | null>;
  archive(channelId: string): Promise<void>;
  /** @param accountIds people, as the provider names them; who is in it already stays so */
  invite(channelId: string, accountIds: readonly string[]): Promise<void>;
}
