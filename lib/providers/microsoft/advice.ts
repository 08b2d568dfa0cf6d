const signInAgain =
  'Microsoft wants to see who you are once more, for instance by a second factor. Connect again to do so.';
const tooOld = 'The sign-in has expired or was not used for too long. Connect again.';
const gone = 'The account is disabled or no longer there. Connect with another one.';
const rule =
  'A Conditional Access rule of your organisation blocks this. Its administrator can make an exception for the app.';
const notThere =
  'The app is no longer in your organisation’s directory. One of its administrators has to allow it again.';

const noService =
  'Your organisation has not subscribed to a Microsoft service that the app needs, or has switched it off. Its administrator can look at the subscriptions; then connect again.';

/** What somebody can do about a refusal of the token endpoint, by its AADSTS number. */
const byNumber: Readonly<Record<number, string>> = {
  65001: 'The permissions were taken back at Microsoft. Connect again and allow them.',
  700016: notThere,
  650056: notThere,
  650052: noService,
  650054: noService,
  70001: notThere,
  700011: notThere,
  7000229: notThere,
  90099: notThere,
  90002: 'Microsoft no longer knows this organisation.',
  50173: 'The password was changed, or all sessions were ended. Connect again.',
  70008: tooOld,
  70043: tooOld,
  700082: tooOld,
  700084: tooOld,
  50072: signInAgain,
  50074: signInAgain,
  50076: signInAgain,
  50078: signInAgain,
  50079: signInAgain,
  50055: 'The password has expired. Sign in at Microsoft, choose a new one, and connect again.',
  50034: gone,
  50057: gone,
  50105: 'Your organisation lets only certain people use this app. Its administrator can add you.',
  53000: rule,
  53001: rule,
  53002: rule,
  53003: rule,
  530032: rule,
  7000112:
    'The app is disabled in your organisation. Its administrator can enable it under Enterprise applications in Microsoft Entra.',
};

/** What is to be known of a refusal by Graph, by its code, or of one by us. */
const byCode: Readonly<Record<string, string>> = {
  MailboxNotEnabledForRESTAPI: 'This account has no mailbox in Exchange Online.',
  insufficient_claims:
    'Microsoft no longer accepts the sign-in for this: a rule of the organisation has changed, or sessions were ended.',
  other_organization: 'That account belongs to another organisation. Nothing was connected.',
  not_an_administrator:
    'Connecting a whole organisation takes its Global Administrator or Privileged Role Administrator. Whoever signed in to confirm it is neither, so it was not connected. Hand one of them the link.',
  roles_missing:
    'Microsoft has not given all permissions yet. Try again in a minute; if it stays so, allow all of them.',
};

/** What is to be known of a refusal that nobody has written down. */
export function doubtfulAdvice(code: string | null): string {
  const number = /^AADSTS(\d+)$/.exec(code ?? '')?.[1];
  const where = number ? ` (AADSTS${number}; see https://login.microsoftonline.com/error)` : '';
  return `Microsoft does not let the app into your organisation${where}. Its administrator can look at the app under Enterprise applications in Microsoft Entra; then connect again.`;
}

/** Plain words for people, where the usual ones of a failure would not help; to be spread into it. */
export function adviceFor(code: string | null): { readonly advice?: string } {
  const number = Number(/^AADSTS(\d+)$/.exec(code ?? '')?.[1]);
  const advice = byNumber[number] ?? byCode[code ?? ''];
  return advice === undefined ? {} : { advice };
}
