/** The page at /docs: the renderer of a package, our own files only, no script inside the page (see the CSP in start.ts). */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** Folder of the renderer's files. */
export const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** All that is served of that folder. */
export const DOCS_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;

export const DOCS_PAGE = `<!doctype html>
<html lang="fr">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Relais : l’interface</title>
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <main id="interface"></main>
    <noscript>Cette page demande JavaScript ; <a href="/openapi.json">/openapi.json</a> dit la même chose.</noscript>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** To read, not to call: partners' calls need a certificate, people's act on real records. */
export const DOCS_SCRIPT = `window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#interface',
  deepLinking: true,
  supportedSubmitMethods: [],
  defaultModelsExpandDepth: 0,
  docExpansion: 'list',
  validatorUrl: null,
});
`;
