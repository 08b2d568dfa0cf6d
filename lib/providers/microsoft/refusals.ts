/** Numbers that mean: only an administrator can allow this. */
const administratorNumbers = /AADSTS(90094|900941|65001|650051|90093|900981)\b/;

/** Whether a refusal on the consent page means that only an administrator may consent. */
export function asksForAdministrator(error: string, description: string | null): boolean {
  if (administratorNumbers.test(description ?? '')) return true;
  return error === 'consent_required' && !/AADSTS65004\b/.test(description ?? '');
}

/** Words for the `error` that Microsoft puts on the redirect back from its consent pages. */
export function explainConsentRefusal(error: string, description: string | null = null): string {
  const text = description ?? '';
  if (asksForAdministrator(error, description)) {
    return 'Your organisation lets only its administrators allow apps. Ask one of them to allow it.';
  }
  if (/AADSTS(53003|530032|53000|53001|53002|50105|500021)\b/.test(text)) {
    return 'A rule of your organisation does not allow this. Ask its administrator.';
  }
  if (/AADSTS50020\b/.test(text)) return 'That account does not belong to the organisation.';
  if (error === 'access_denied' || error === 'consent_required') {
    return 'Access was not granted on Microsoft’s page. Nothing has changed.';
  }
  return 'Microsoft did not complete the consent. Please try again.';
}
