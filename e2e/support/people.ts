import { expect, type Page } from '@playwright/test';
import { demoPassword, demoSupport, demoTenants } from '@/cli/start/demo';

/** People that every fresh server knows. */
export const people = { tenants: demoTenants, support: demoSupport, password: demoPassword };

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

/** Sign in by the form; ends where the product leads to. */
export async function signIn(page: Page, email: string, password = demoPassword): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).not.toHaveURL(/\/sign-in$/);
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
