import type { Attachment, Label, Message } from '../state';
import { addressOf, type Organisation, type Person } from './organisations';
import { hex, type Random } from './random';

const day = 86_400_000;
const history = 90 * day;

export const systemLabels: readonly Label[] = [
  'INBOX',
  'SENT',
  'DRAFT',
  'UNREAD',
  'STARRED',
  'IMPORTANT',
  'SPAM',
  'TRASH',
  'CATEGORY_PERSONAL',
  'CATEGORY_SOCIAL',
  'CATEGORY_PROMOTIONS',
  'CATEGORY_UPDATES',
  'CATEGORY_FORUMS',
].map((id) => ({ id, name: id, type: 'system' }));

const colours = [
  ['#fb4c2f', '#ffffff'],
  ['#16a766', '#ffffff'],
  ['#4a86e8', '#ffffff'],
  ['#ffad47', '#000000'],
  ['#a479e2', '#ffffff'],
] as const;

/** The labels people have made for themselves. */
export function userLabels({ projects }: Organisation): Label[] {
  const names = ['Invoices', 'Customers', 'Travel', ...projects.map((name) => `Projects/${name}`)];
  return names.map((name, index) => {
    const [backgroundColor, textColor] = colours[index % colours.length] ?? colours[0];
    return {
      id: `Label_${index + 1}`,
      name,
      type: 'user',
      color: { backgroundColor, textColor },
    };
  });
}

const newsletters = [
  ['Packet', 'packet-weekly.example', 'The week in shipping', 'Five things that moved this week'],
  ['Deskwise', 'deskwise.example', 'Better meetings', 'How a team of nine halved its meetings'],
  ['Ledger Notes', 'ledgernotes.example', 'Closing the month', 'A checklist for month end'],
  ['Field & Fork', 'fieldandfork.example', 'Season’s picks', 'What is good right now'],
  ['Cloud Corner', 'cloudcorner.example', 'Release round-up', 'What changed, and what breaks'],
  ['City Runner', 'cityrunner.example', 'Weekend routes', 'Three loops under ten kilometres'],
  ['Papercut', 'papercut.example', 'Design links', 'Typefaces, tools and one good essay'],
] as const;

interface Draft {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly labelIds: readonly string[];
  readonly threadId?: string;
  readonly extra?: readonly (readonly [string, string])[];
  readonly attachments?: readonly Attachment[];
}

/** Everything a mailbox's generators share. */
interface Box {
  readonly random: Random;
  readonly organisation: Organisation;
  readonly owner: Person;
  readonly now: number;
}

function message({ random }: Box, draft: Draft): Message {
  const id = random.id(16, hex);
  const domain = draft.from.slice(draft.from.indexOf('@') + 1).replace('>', '');
  return {
    id,
    threadId: draft.threadId ?? id,
    labelIds: draft.labelIds,
    receivedAt: draft.at,
    headers: [
      ['Date', new Date(draft.at).toUTCString()],
      ['Message-ID', `<${random.id(24)}@${domain}>`],
      ['From', draft.from],
      ['To', draft.to],
      ['Subject', draft.subject],
      ...(draft.extra ?? []),
    ],
    text: draft.text,
    ...(draft.html !== undefined && { html: draft.html }),
    attachments: draft.attachments ?? [],
  };
}

/** Some moment of the last 90 days, more of them recent, in waking hours more or less. */
function moment({ random, now }: Box): number {
  return now - Math.floor(random.next() ** 1.6 * history) - random.int(0, 3_600_000);
}

/** Older mail has mostly been read. */
function unread(box: Box, at: number): string[] {
  return box.random.chance(box.now - at < 3 * day ? 0.6 : 0.12) ? ['UNREAD'] : [];
}

function address({ organisation, owner }: Box): string {
  return `${owner.name} <${addressOf(organisation, owner)}>`;
}

function newsletter(box: Box): Message {
  const [name, domain, topic, teaser] = box.random.pick(newsletters);
  const at = moment(box);
  const issue = box.random.int(40, 260);
  const link = `https://${domain}/u/${box.random.id(20)}`;
  const promotion = box.random.chance(0.75) ? 'CATEGORY_PROMOTIONS' : 'CATEGORY_UPDATES';
  return message(box, {
    at,
    from: `${name} <hello@${domain}>`,
    to: address(box),
    subject: `${topic} · no. ${issue}`,
    text: `${teaser}.\n\nRead it on the web: https://${domain}/${issue}\n\nUnsubscribe: ${link}`,
    html: `<h1>${topic}</h1><p>${teaser}.</p><p><a href="${link}">Unsubscribe</a></p>`,
    labelIds: ['INBOX', promotion, ...unread(box, at)],
    extra: [
      ['List-ID', `${name} <news.${domain}>`],
      ['List-Unsubscribe', `<${link}>, <mailto:leave@${domain}?subject=unsubscribe>`],
      ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
      ['Precedence', 'bulk'],
    ],
  });
}

function pdf({ random }: Box, filename: string, lines: string): Attachment {
  const content = `%PDF-1.4\n% ${lines}\n${'0 '.repeat(random.int(40, 160))}\n%%EOF\n`;
  return {
    id: `ANGjdJ${random.id(32)}`,
    filename,
    mimeType: 'application/pdf',
    data: Buffer.from(content).toString('base64url'),
  };
}

function invoice(box: Box): Message {
  const { random, organisation } = box;
  const supplier = random.pick(organisation.suppliers);
  const number = `${supplier.name.slice(0, 2).toUpperCase()}-${random.int(10_000, 99_999)}`;
  const amount = `${organisation.currency} ${random.int(120, 9_800)}.00`;
  const at = moment(box);
  return message(box, {
    at,
    from: `${supplier.name} Billing <billing@${supplier.domain}>`,
    to: address(box),
    subject: `Invoice ${number} from ${supplier.name}`,
    text: `Hello,\n\nplease find attached invoice ${number} over ${amount}, due in 14 days.\n\nKind regards\n${supplier.name}`,
    labelIds: [
      'INBOX',
      'CATEGORY_PERSONAL',
      ...(random.chance(0.5) ? ['Label_1'] : []),
      ...unread(box, at),
    ],
    attachments: [pdf(box, `invoice-${number}.pdf`, `${number} ${amount}`)],
  });
}

const openings = [
  'Could you have a look at the draft for',
  'Quick question about',
  'Here is where we are with',
  'Before Thursday we should settle',
  'The customer came back to us on',
];
const replies = [
  'Thanks, that helps. I will take it from here.',
  'Agreed. Shall we put half an hour in the calendar?',
  'I have added my comments to the document.',
  'Fine with me, as long as the date holds.',
  'Let me check with the others and come back to you tomorrow.',
];

/** A colleague or a customer, as `Name <address>`. */
function correspondent({ random, organisation, owner }: Box): string {
  if (random.chance(0.35)) {
    const { name, domain } = random.pick(organisation.customers);
    return `${name} <contact@${domain}>`;
  }
  const other = random.pick(organisation.people.filter((person) => person !== owner));
  return `${other.name} <${addressOf(organisation, other)}>`;
}

function conversation(box: Box): Message[] {
  const { random, organisation } = box;
  const them = correspondent(box);
  const me = address(box);
  const project = random.pick(organisation.projects);
  const about = random.chance(0.5) ? project : random.pick(organisation.products);
  const label = 4 + organisation.projects.indexOf(project);
  const filed = about === project && random.chance(0.6) ? [`Label_${label}`] : [];
  let at = Math.min(moment(box), box.now - day);
  const messages: Message[] = [];
  for (let turn = 0; turn < random.int(1, 5) && at < box.now; turn += 1) {
    const mine = turn % 2 === 1;
    const first = messages[0];
    const previous = messages.at(-1)?.headers.find(([name]) => name === 'Message-ID')?.[1];
    const inbox = ['INBOX', 'CATEGORY_PERSONAL', ...filed, ...unread(box, at)];
    messages.push(
      message(box, {
        at,
        from: mine ? me : them,
        to: mine ? them : me,
        subject: turn === 0 ? `About ${about}` : `Re: About ${about}`,
        text: turn === 0 ? `${random.pick(openings)} ${about}?` : random.pick(replies),
        labelIds: mine ? ['SENT', ...filed] : inbox,
        ...(first && { threadId: first.threadId }),
        ...(previous && { extra: [['In-Reply-To', previous]] as const }),
      }),
    );
    at += random.int(20 * 60_000, 9 * 3_600_000);
  }
  return messages;
}

const notices = [
  ['Calendar', 'calendar-notify.example', 'Accepted: Weekly planning', 'has accepted'],
  ['Parcels', 'parcels.example', 'Your parcel is on its way', 'will arrive tomorrow'],
  ['Build', 'build.example', 'Nightly build finished', 'finished without errors'],
  ['Bank', 'bank.example', 'Your statement is ready', 'is ready for download'],
] as const;

function notice(box: Box): Message {
  const [name, domain, subject, text] = box.random.pick(notices);
  const at = moment(box);
  return message(box, {
    at,
    from: `${name} <no-reply@${domain}>`,
    to: address(box),
    subject,
    text: `Reference ${box.random.id(8)} ${text}.`,
    labelIds: ['INBOX', 'CATEGORY_UPDATES', ...unread(box, at)],
  });
}

/** A mailbox of about so many messages over the 90 days before `now`. */
export function mailbox(
  random: Random,
  organisation: Organisation,
  owner: Person,
  now: number,
  count: number,
): Message[] {
  const box = { random, organisation, owner, now };
  const messages: Message[] = [];
  while (messages.length < count) {
    const kind = random.next();
    if (kind < 0.32) messages.push(newsletter(box));
    else if (kind < 0.46) messages.push(invoice(box));
    else if (kind < 0.66) messages.push(notice(box));
    else messages.push(...conversation(box));
  }
  return messages;
}
