import { expect, people, test } from './support/fixtures';
import { fillCode, newAddress, ownPassword, signIn, signUp } from './support/people';

/** What takes two persons: one of the staff asks, another decides, the customer sees it. */

test.setTimeout(240_000);

test('one platform admin asks, is refused their own approval, and another one approves', async ({
  visit,
  page: customer,
}) => {
  const name = 'Odile Harbour';
  const email = newAddress('odile');
  await signUp(customer, { organisation: 'Odile’s Boats', name, email });

  const paula = await visit(people.platformAdmin.email);
  await paula.goto('/admin/staff');
  await paula.getByRole('button', { name: 'Make somebody staff' }).click();
  await paula.getByLabel('Email').fill(email);
  await paula.getByLabel('Why').fill('Odile joins the support desk');
  await paula.getByRole('button', { name: 'Ask for approval' }).click();
  await expect(paula).toHaveURL(/\/admin\/approvals\/[0-9a-f-]{36}$/);
  await expect(paula.getByText(`Make ${name} (${email}) a member of staff`)).toBeVisible();
  await expect(paula.getByText('Somebody else decides on this')).toBeVisible();
  await expect(paula.getByRole('button', { name: 'Approve' })).toHaveCount(0);

  const amir = await visit(people.secondAdmin.email);
  await amir.goto('/admin/approvals');
  const places = amir.getByRole('navigation', { name: 'Support console' });
  await expect(places.getByRole('link', { name: /^Approvals.*\d/ })).toBeVisible();
  await amir.getByRole('link', { name: new RegExp(`Make ${name}`) }).click();
  await amir.getByLabel('Note').fill('Her contract is signed');
  await amir.getByLabel('Code').fill('000000');
  await amir.getByRole('button', { name: 'Approve' }).click();
  await expect(amir.getByRole('alert').getByText(/That code is not right/)).toBeVisible();
  await fillCode(amir);
  await amir.getByRole('button', { name: 'Approve' }).click();
  await expect(amir.getByText('Carried out', { exact: true }).first()).toBeVisible();
  await expect(amir.getByText(/They are staff\./).first()).toBeVisible();

  await paula.reload();
  await expect(paula.getByText(`Approved by`)).toBeVisible();
  await expect(paula.getByText('Her contract is signed')).toBeVisible();
});

test('a member switches a second factor on, signs in with it, and switches it off', async ({
  visit,
  page,
}) => {
  const email = newAddress('noor');
  await signUp(page, { organisation: 'Noor and Sons', name: 'Noor Said', email });
  await page.goto('/account');
  await page.getByRole('button', { name: 'Set up a second factor' }).click();
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await fillCode(page);
  await page.getByRole('button', { name: 'Switch it on' }).click();
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(codes).toHaveCount(10);
  const [recovery = ''] = await codes.allTextContents();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('Recovery codes left')).toBeVisible();

  // From now on the password alone is not enough, and a recovery code is.
  const elsewhere = await visit();
  await elsewhere.goto('/sign-in?next=%2Faudit');
  await elsewhere.getByLabel('Email').fill(email);
  await elsewhere.getByLabel('Password', { exact: true }).fill(ownPassword);
  await elsewhere.getByRole('button', { name: 'Sign in' }).click();
  await expect(elsewhere).toHaveURL('/second-factor?next=%2Faudit');
  await elsewhere.goto('/overview');
  await expect(elsewhere).toHaveURL('/second-factor?next=%2Foverview');
  await elsewhere.getByRole('textbox', { name: /^Code/ }).fill(recovery);
  await elsewhere.getByRole('button', { name: 'Continue' }).click();
  await expect(elsewhere).toHaveURL('/overview');
  await elsewhere.goto('/audit');
  for (const action of ['Second factor switched on', 'Recovery code used']) {
    await expect(elsewhere.getByText(action).first()).toBeVisible();
  }

  await elsewhere.goto('/account');
  await elsewhere.getByRole('button', { name: 'Switch off' }).click();
  const dialog = elsewhere.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Fill it in' }).click();
  await expect(dialog.getByRole('textbox', { name: /^Code/ })).toHaveValue(/^\d{6}$/, {
    timeout: 40_000,
  });
  await dialog.getByRole('button', { name: 'Switch it off' }).click();
  await expect(elsewhere.getByRole('button', { name: 'Set up a second factor' })).toBeVisible();
  // The other session ended with the change.
  await page.goto('/overview');
  await expect(page).toHaveURL(/\/sign-in/);
  await signIn(page, email, ownPassword);
  await expect(page).toHaveURL('/overview');
});
