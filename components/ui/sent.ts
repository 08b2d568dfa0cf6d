import { unstable_rethrow } from 'next/navigation';
import type { ActionResult } from '@/lib/errors/contract';

type Refusal = Extract<ActionResult<never>, { ok: false }>;

/** What the server says; an answer that never came is an error like others, and the page stays. */
export async function sent<Answer extends ActionResult<unknown> | undefined>(
  send: () => Promise<Answer>,
): Promise<Answer | Refusal> {
  try {
    return await send();
  } catch (thrown) {
    // Being led elsewhere travels as an exception of the framework.
    unstable_rethrow(thrown);
    const message = 'This could not be sent. Nothing you entered is lost; please try again.';
    return { ok: false, error: { code: 'unavailable', message, requestId: '' } };
  }
}
