import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { TOTP } from 'otpauth';
import { readForm } from './form.ts';
import { loginPage, messagePage, PAGE_HEADERS } from './pages.ts';
import type { Account, Realm } from './realm.ts';

/** The login page of a realm: shows it, checks the password, gives the provider the account and its acr. */
export async function interact(
  realm: Realm,
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await provider.interactionDetails(request, response);
  } catch {
    // the one cause is a cookie that is missing or too old: the person starts again
    answer(response, 400, messagePage(realm.title, 'Cette demande de connexion n’est plus valable.'));
    return;
  }
  if (request.method !== 'POST') {
    answer(response, 200, loginPage(realm.title, false, asksCode(realm)));
    return;
  }
  const form = await readForm(request);
  if (form === undefined) {
    answer(response, 413, messagePage(realm.title, 'Formulaire trop long.'));
    return;
  }
  if (form.get('cancel') === 'yes') {
    await provider.interactionFinished(request, response, { error: 'access_denied' });
    return;
  }
  const account = signedIn(realm.accounts, form.get('account') ?? '', form.get('password') ?? '');
  if (account === undefined || !codeFits(account, form.get('otp') ?? '')) {
    answer(response, 401, loginPage(realm.title, true, asksCode(realm)));
    return;
  }
  const acr = account.acr === undefined ? realm.acr : account.acr;
  await provider.interactionFinished(request, response, {
    login: {
      accountId: account.sub,
      ...(acr === null ? {} : { acr }),
      ...(account.totp === undefined ? {} : { amr: ['pwd', 'otp'] }),
    },
  });
}

function asksCode({ accounts }: Realm): boolean {
  return accounts.some(({ totp }) => totp !== undefined);
}

/** RFC 6238, one step of 30 s of tolerance */
function codeFits({ totp }: Account, token: string): boolean {
  return totp === undefined || new TOTP({ secret: totp }).validate({ token, window: 1 }) !== null;
}

function signedIn(accounts: readonly Account[], name: string, password: string): Account | undefined {
  const account = accounts.find((candidate) => candidate.name === name);
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return account !== undefined && timingSafeEqual(digest(account.password), digest(password))
    ? account
    : undefined;
}

function answer(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, PAGE_HEADERS).end(html);
}
