/** The three pages of the simulator: French, without script, usable by keyboard and screen reader. */
import { createHash } from 'node:crypto';

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
label{display:block;margin-top:1rem;font-weight:600}
input{font:inherit;width:100%;padding:.5rem;border:1px solid #555;box-sizing:border-box}
button{font:inherit;margin:1.5rem .5rem 0 0;padding:.5rem 1rem;border:1px solid #1b3a6b;background:#1b3a6b;color:#fff}
button.quiet{background:#fff;color:#1b3a6b}
:focus-visible{outline:3px solid #b35900;outline-offset:2px}
[role=alert]{border-left:4px solid #a40000;padding:.25rem .75rem}`;

export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`,
} as const;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>Simulateur local : identités fictives seulement.</p>
${body}
</main>
</body>
</html>
`;
}

export function loginPage(title: string, failed: boolean, code: boolean): string {
  const alert = failed
    ? '<p role="alert" id="failure">Compte ou mot de passe inconnu. Vérifiez puis recommencez.</p>'
    : '';
  const described = failed ? ' aria-describedby="failure" aria-invalid="true"' : '';
  return page(
    title,
    `${alert}
<form method="post">
<label for="account">Compte</label>
<input id="account" name="account" autocomplete="username" required${described}>
<label for="password">Mot de passe</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${described}>
${code ? '<label for="otp">Code à usage unique, si vous en avez un</label>\n<input id="otp" name="otp" inputmode="numeric" autocomplete="one-time-code">' : ''}
<button type="submit">Se connecter</button>
<button class="quiet" type="submit" name="cancel" value="yes" formnovalidate>Annuler</button>
</form>`,
  );
}

/** `form` carries the provider's own hidden fields under the id `op.logoutForm`. */
export function logoutPage(title: string, form: string): string {
  return page(
    title,
    `<p>Voulez-vous aussi fermer votre session ${escapeHtml(title)} ?</p>
${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes">Fermer la session</button>
<button class="quiet" type="submit" form="op.logoutForm">Rester connecté</button>`,
  );
}

/** What the phone of each account shows; values come from the software that asked. */
export function phonePage(
  title: string,
  demands: readonly { id: string; account: string; bindingMessage: string; channel: string }[],
): string {
  const forms = demands.map(
    ({ id, account, bindingMessage, channel }) => `<form method="post">
<p>${escapeHtml(account)} : le logiciel montre-t-il <strong>${escapeHtml(bindingMessage)}</strong> ? (${escapeHtml(channel || 'moyen au choix')})</p>
<input type="hidden" name="id" value="${escapeHtml(id)}">
<button type="submit" name="answer" value="approve">Oui, me connecter</button>
<button class="quiet" type="submit" name="answer" value="deny">Refuser</button>
</form>`,
  );
  return page(
    `Téléphone, ${title}`,
    forms.length === 0 ? '<p>Aucune demande. Rechargez la page.</p>' : forms.join('\n'),
  );
}

export function messagePage(title: string, message: string): string {
  return page(title, `<p role="alert">${escapeHtml(message)}</p>`);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
