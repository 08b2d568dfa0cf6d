import { describe, expect, it } from 'vitest';
import type { AgendaEntry } from '../actions/read-agenda';
import { agendaMail } from './agenda-text';
import { blockOn, whyNot } from './focus-block';

const entry = (rest: Partial<AgendaEntry>): AgendaEntry => ({
  title: 'Planning',
  calendar: 'Work',
  startsAt: '2026-11-21T08:00:00.000Z',
  endsAt: '2026-11-21T09:30:00.000Z',
  allDay: false,
  location: null,
  attendees: [],
  ...rest,
});
const day = new Date('2026-11-21T05:00:00Z');

describe('the agenda', () => {
  it('says times in the reader’s zone', () => {
    const { subject, text } = agendaMail([entry({ location: 'Room 4' })], day, 'Europe/Berlin');
    expect(subject).toBe('Saturday 21 November: 1 event');
    expect(text).toContain('09:00–10:30  Planning');
    expect(text).toContain('Room 4 · Work');
  });

  it('says so when nothing is planned', () => {
    expect(agendaMail([], day, 'UTC')).toMatchObject({
      subject: 'Saturday 21 November: nothing planned',
      text: expect.stringContaining('Nothing is in your calendars'),
    });
  });

  it('shows foreign text as text', () => {
    const title = '<img src=x onerror="alert(1)"> & co';
    const { html } = agendaMail([entry({ title })], day, 'UTC');
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; co');
    expect(html).not.toContain('<img');
  });
});

describe('a focus block', () => {
  it('stands at the same time on the wall before and after the clocks change', () => {
    const parameters = { from: '09:00', minutes: 120, timeZone: 'Europe/Berlin' };
    expect(blockOn(new Date('2026-03-28T03:00Z'), parameters)).toEqual({
      startsAt: '2026-03-28T08:00:00.000Z',
      endsAt: '2026-03-28T10:00:00.000Z',
    });
    expect(blockOn(new Date('2026-03-29T03:00Z'), parameters).startsAt).toBe(
      '2026-03-29T07:00:00.000Z',
    );
  });

  it('is booked while it lasts, and not once it is over', () => {
    const block = { startsAt: '2026-11-20T09:00:00.000Z', endsAt: '2026-11-20T11:00:00.000Z' };
    expect(whyNot([], block, new Date('2026-11-20T10:59Z'))).toBeNull();
    expect(whyNot([], block, new Date('2026-11-20T11:00Z'))).toMatch(/is over/);
  });
});
