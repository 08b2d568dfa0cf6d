import { expect, people, test } from './support/fixtures';

test('the home page loads and leads to the sign-in', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Sign in' }).first().click();
  await expect(page).toHaveURL(/\/sign-in/);
});

test('an owner of the demo signs in and sees the organisation', async ({ page }) => {
  const [tenant] = people.tenants;
  if (!tenant) throw new Error('The demo has no organisation.');
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(tenant.owner.email);
  await page.getByLabel('Password', { exact: true }).fill(people.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/overview/);
  await expect(page.getByText(tenant.name).first()).toBeVisible();
});

test('an address that leads nowhere says so, in our own words', async ({ page, expectErrors }) => {
  expectErrors(/status of 404/);
  const response = await page.goto('/nothing-here');
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
