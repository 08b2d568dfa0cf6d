import { expect, type Locator, type Page } from '@playwright/test';
import {
  demoAdmin,
  demoPassword,
  demoSecondAdmin,
  demoSupport,
  demoTenants,
} from '@/cli/start/demo';

/** People that every fresh server knows. */
export const people = {
  tenants: demoTenants,
  support: demoSupport,
  platformAdmin: demoAdmin,
  secondAdmin: demoSecondAdmin,
  password: demoPassword,
};

/** What people of the tests choose for themselves. */
export const ownPassword = 'a quiet harbour at dawn';

export interface NewPerson {
  readonly organisation: string;
  readonly name: string;
  readonly email: string;
}

let count = 0;
/** An address that nobody has yet. */
export const newAddress = (who: string): string => {
  count += 1;
  return `${who}.${Date.now().toString(36)}${count}@harbour.example`;
};

/** Give a code where one is asked for, by the stand-in for the person's app. */
export async function fillCode(page: Page | Locator): Promise<void> {
  const code = page.getByRole('textbox', { name: /^Code/ });
  // What was typed before is not to be taken for what is filled in.
  await code.fill('');
  await page.getByRole('button', { name: 'Fill it in' }).click();
  // Each code is taken once: after three the next takes until the half minute is over.
  await expect(code).toHaveValue(/^\d{6}$/, {
    timeout: 40_000,
  });
}

/** Prove the second factor, where the sign-in or the console asks for it. */
async function prove(page: Page): Promise<void> {
  await fillCode(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page).not.toHaveURL(/\/second-factor/);
}

/** Sign in by the form, second factor and all; ends where the product leads to. */
export async function signIn(page: Page, email: string, password = demoPassword): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).not.toHaveURL(/\/sign-in$/);
  if (new URL(page.url()).pathname === '/second-factor') await prove(page);
}

/** Sign up a new organisation by the form; ends on its overview. */
export async function signUp(page: Page, person: NewPerson): Promise<void> {
  await page.goto('/sign-up');
  await page.getByLabel('Organisation').fill(person.organisation);
  await page.getByLabel('Your name').fill(person.name);
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(ownPassword);
  await page.getByRole('button', { name: 'Create organisation' }).click();
  await expect(page).toHaveURL('/overview');
}

/** Sign out by the menu of one's account. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account: / }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/sign-in');
}
