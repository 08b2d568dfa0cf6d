import { expect, type Page } from '@playwright/test';

type Hearing = Window & { heard?: Set<string> };

/**
 * Do something on a page and wait until a toast says these words. Toasts go after four seconds: one
 * that came and went while the machine was busy elsewhere is heard all the same, and one that an
 * earlier step left there is not taken for it.
 */
export async function tells(
  page: Page,
  words: RegExp | string,
  act: () => Promise<unknown>,
): Promise<void> {
  await page.evaluate(() => {
    const toasts = () => [...document.querySelectorAll('[data-sonner-toast]')];
    const earlier = new Set(toasts());
    const heard = new Set<string>();
    (window as Hearing).heard = heard;
    new MutationObserver(() => {
      for (const toast of toasts()) if (!earlier.has(toast)) heard.add(toast.textContent ?? '');
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await act();
  const heard = () => page.evaluate(() => [...((window as Hearing).heard ?? [])].join('\n'));
  const said = expect.poll(heard, { message: `a toast: ${words}` });
  await (words instanceof RegExp ? said.toMatch(words) : said.toContain(words));
}
