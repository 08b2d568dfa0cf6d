'use client';
import { useState } from 'react';
import { Combobox, Field, Input, Select, useNow, useTimeZone } from '@/components/ui';
import {
  checkSchedule,
  choiceOf,
  cronOf,
  type ScheduleChoice,
  type SchedulePreset,
  weekdayNames,
} from '@/lib/automations/contract';
import { NextTimes } from './next-times';
import { zoneOptions } from './zones';

const presetLabels: Readonly<Record<SchedulePreset, string>> = {
  hourly: 'Every hour',
  daily: 'Every day',
  weekdays: 'Every weekday, Monday to Friday',
  weekly: 'Every week',
  monthly: 'Every month',
  custom: 'Own schedule (cron)',
};
const options = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));
const weekdays = weekdayNames.map((label, index) => ({ value: String(index), label }));
const monthdays = Array.from({ length: 28 }, (_, index) => ({
  value: String(index + 1),
  label: `Day ${index + 1}`,
}));
const checkMs = 60_000;

export interface SchedulePickerProps {
  cron: string;
  /** Empty: the browser's own. */
  timeZone: string;
}

/** A schedule by presets or as cron, with its zone; the next five times follow every change. */
export function SchedulePicker({ cron, timeZone }: SchedulePickerProps) {
  const browserZone = useTimeZone();
  const [chosenZone, setZone] = useState(timeZone);
  const [choice, setChoice] = useState(() => choiceOf(cron));
  const now = useNow(checkMs);
  const zone = chosenZone || browserZone;
  const written = cronOf(choice);
  const check = now === null ? null : checkSchedule(written, zone, new Date(now));
  const set = (change: Partial<ScheduleChoice>) =>
    setChoice((before) => ({ ...before, ...change }));
  const fault = (field: string) =>
    check?.ok === false && check.field === field ? check.message : undefined;

  return (
    <div className="grid gap-4 rounded-lg border bg-sunken/50 p-4 md:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-4">
        <Field label="How often">
          <Select
            options={options(presetLabels)}
            value={choice.preset}
            onChange={({ target }) =>
              set({ preset: target.value as SchedulePreset, cron: written })
            }
          />
        </Field>
        <PresetFields choice={choice} set={set} />
        {choice.preset === 'custom' ? (
          <Field
            label="Cron expression"
            name="trigger.cron"
            hint="Minute, hour, day of month, month, day of week. For example 30 8 * * 1-5"
            {...(fault('cron') ? { error: fault('cron') } : {})}
          >
            <Input
              value={choice.cron}
              onChange={({ target }) => set({ cron: target.value })}
              spellCheck={false}
              autoComplete="off"
              className="font-mono"
            />
          </Field>
        ) : (
          <input type="hidden" name="trigger.cron" value={written} />
        )}
        <Field
          label="Time zone"
          name="trigger.timeZone"
          {...(fault('timeZone') ? { error: fault('timeZone') } : {})}
        >
          <Combobox
            key={timeZone || browserZone}
            options={zoneOptions()}
            defaultValue={zone}
            onValueChange={setZone}
          />
        </Field>
      </div>
      <div aria-live="polite" className="min-w-0">
        {check?.ok === false ? (
          <p className="text-muted text-sm">The next times appear here once the schedule works.</p>
        ) : (
          <NextTimes cron={written} timeZone={zone} />
        )}
      </div>
    </div>
  );
}

interface PresetFieldsProps {
  choice: ScheduleChoice;
  set: (change: Partial<ScheduleChoice>) => void;
}

function PresetFields({ choice, set }: PresetFieldsProps) {
  const { preset, time, weekday, monthday } = choice;
  if (preset === 'custom') return null;
  return (
    <div className="grid grid-cols-2 gap-3">
      {preset === 'weekly' && (
        <Field label="On">
          <Select
            options={weekdays}
            value={String(weekday)}
            onChange={({ target }) => set({ weekday: Number(target.value) })}
          />
        </Field>
      )}
      {preset === 'monthly' && (
        <Field label="On">
          <Select
            options={monthdays}
            value={String(monthday)}
            onChange={({ target }) => set({ monthday: Number(target.value) })}
          />
        </Field>
      )}
      {preset === 'hourly' ? (
        <Field label="Minutes past the hour">
          <Input
            type="number"
            min={0}
            max={59}
            value={Number(time.slice(3))}
            onChange={({ target }) =>
              set({ time: `00:${String(Math.min(59, Number(target.value))).padStart(2, '0')}` })
            }
          />
        </Field>
      ) : (
        <Field label="At">
          <Input
            type="time"
            value={time}
            onChange={({ target }) => target.value && set({ time: target.value })}
          />
        </Field>
      )}
    </div>
  );
}
