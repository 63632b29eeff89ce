/** Two pages without script or style: a question, and a word at the end. French, as people read. */

export function questionPage(asking: { partner: string; code: string }, ticket: string): string {
  return page(
    'Ouvrir une session Pro Santé Connect',
    `<p>Le logiciel de <strong>${escaped(asking.partner)}</strong> demande à agir en votre nom.</p>
<p>Il doit afficher ce nombre : <strong>${escaped(asking.code)}</strong>. S’il en affiche un autre, ou si vous n’avez rien demandé, refusez.</p>
<form method="post" action="/auth/psc-sessions/confirm">
<input type="hidden" name="ticket" value="${escaped(ticket)}">
<p><button type="submit" name="answer" value="yes">Oui, c’est le même nombre</button></p>
<p><button type="submit" name="answer" value="no">Refuser</button></p>
</form>`,
  );
}

export function donePage(opened: boolean): string {
  return page(
    opened ? 'Session ouverte' : 'Session refusée',
    '<p role="status">Retournez à votre logiciel. Vous pouvez fermer cette page.</p>',
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="fr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title></head>
<body><main>
<h1>${escaped(title)}</h1>
${body}
</main></body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
