import type { AgendaEntry } from '../actions/read-agenda';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

/** When an entry is, in the reader's zone. */
function times({ allDay, startsAt, endsAt }: AgendaEntry, timeZone: string): string {
  if (allDay) return 'All day';
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
  return `${clock.format(new Date(startsAt))}–${clock.format(new Date(endsAt))}`;
}

const details = ({ location, calendar, attendees }: AgendaEntry) =>
  [
    location,
    attendees.length > 0 ? `with ${attendees.slice(0, 5).join(', ')}` : null,
    attendees.length > 5 ? `and ${attendees.length - 5} more` : null,
    calendar,
  ]
    .filter((part) => part !== null && part !== '')
    .join(' · ');

/** The day by name, e.g. `Saturday, 21 November`. */
export function dayName(day: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone,
  }).format(day);
}

/** The agenda as a mail: the same words as plain text and as simple HTML. */
export function agendaMail(entries: readonly AgendaEntry[], day: Date, timeZone: string) {
  const name = dayName(day, timeZone);
  const subject =
    entries.length === 0
      ? `${name}: nothing planned`
      : `${name}: ${entries.length} ${entries.length === 1 ? 'event' : 'events'}`;
  const lines = entries.map((entry) => ({
    when: times(entry, timeZone),
    title: entry.title,
    more: details(entry),
  }));
  const text =
    lines.length === 0
      ? `${name}\n\nNothing is in your calendars today.\n`
      : `${name}\n\n${lines.map(({ when, title, more }) => `${when}  ${title}\n    ${more}`).join('\n\n')}\n`;
  const rows = lines.map(
    ({ when, title, more }) =>
      `<tr><td style="padding:6px 16px 6px 0;white-space:nowrap;vertical-align:top">${when}</td>` +
      `<td style="padding:6px 0"><strong>${escapeHtml(title)}</strong><br>${escapeHtml(more)}</td></tr>`,
  );
  const body =
    rows.length === 0
      ? '<p>Nothing is in your calendars today.</p>'
      : `<table>${rows.join('')}</table>`;
  return { subject, text, html: `<h2>${escapeHtml(name)}</h2>${body}` };
}
