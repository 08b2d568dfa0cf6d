import { Field, Input, Textarea } from '@/components/ui';

/** A day so many from now, as an input of dates has it. */
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** What every request says: why, until when, and how often it is repeated. */
export function LetterFields() {
  return (
    <>
      <Field
        label="Message"
        name="message"
        hint="Why you ask, in words that an administrator understands. It stands in the mail and on their page."
        required
      >
        <Textarea maxLength={2_000} rows={4} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Until" name="deadline" hint="The end of that day in UTC." required>
          <Input type="date" min={dayIn(0)} max={dayIn(180)} defaultValue={dayIn(14)} />
        </Field>
        <Field label="Remind every" name="remindEveryDays" required>
          <Input type="number" min={1} max={30} defaultValue={3} suffix="days" />
        </Field>
      </div>
    </>
  );
}

/** The fields' values as the action takes them. */
export const letterOf = (data: FormData) => ({
  message: String(data.get('message') ?? ''),
  deadline: String(data.get('deadline') ?? ''),
  remindEveryDays: Number(data.get('remindEveryDays')),
});
