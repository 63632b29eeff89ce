import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrokerError } from '#core';
import type { Configuration } from '../../../../broker/src/config/environment.ts';
import { mandatesOf } from '../../../../broker/src/config/mandates.ts';
import { readOpenidRegistrations } from '../../../../broker/src/config/openid-file.ts';
import { pkiPaths } from '../../pki/pki-paths.ts';
import { certificatesIn, nameOf } from './bundle.ts';
import { type Check, erreur, ok } from './check.ts';
import { distributionChecks } from './distribution.ts';
import type { Examined } from './examined.ts';

/** What serves a demo or a test, and has no place where real people's dossiers go. */
export async function productionChecks(
  examined: Examined,
  asProduction: () => Promise<Configuration>,
): Promise<Check[]> {
  const checks = [
    ...(await settingsChecks(examined, asProduction)),
    ...anchorChecks(examined),
    ...simulatorChecks(examined),
    ...formChecks(examined),
    ...originChecks(examined),
    ...leftovers(examined),
    ...distributionChecks(examined),
  ];
  return checks.length > 0
    ? checks
    : [ok('production', 'ni autorité de test, ni simulateur, ni reste d’essai, ni rôle sans personne')];
}

async function settingsChecks(
  { configuration }: Examined,
  asProduction: () => Promise<Configuration>,
): Promise<Check[]> {
  const todo = 'réglez-le';
  const test =
    configuration.environment === 'production'
      ? []
      : [erreur('réglages', 'RELAIS_ENVIRONMENT n’est pas production', todo)];
  try {
    await asProduction();
    return test;
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    const rules = error.findings.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`);
    return [...test, ...rules.map((rule) => erreur('réglages', rule, todo))];
  }
}

/** The national test authorities and ours are named TEST. */
function anchorChecks({ configuration, trust, partners }: Examined): Check[] {
  const { tls, insi, igc, cards } = configuration;
  const subject = 'autorité de test';
  const checks = (trust?.testAuthorities ?? []).map((name) =>
    erreur(subject, name, `retirez-la de ${tls.authorities}`),
  );
  if (insi.authorities !== tls.authorities && existsSync(insi.authorities))
    for (const name of certificatesIn(insi.authorities).map(nameOf))
      if (name.startsWith('TEST ')) checks.push(erreur(subject, name, `retirez-la de ${insi.authorities}`));
  if (existsSync(igc.authorities) && igc.authorities !== insi.authorities)
    for (const name of certificatesIn(igc.authorities).map(nameOf))
      if (name.startsWith('TEST ')) checks.push(erreur(subject, name, `retirez-la de ${igc.authorities}`));
  if (cards !== undefined && existsSync(cards.authorities))
    for (const name of certificatesIn(cards.authorities).map(nameOf))
      if (name.startsWith('TEST ')) checks.push(erreur(subject, name, `retirez-la de ${cards.authorities}`));
  for (const partner of partners)
    for (const { title, pairs } of mandatesOf(partner)) {
      const issuers = pairs.map(({ certificate }) => new X509Certificate(certificate).issuer);
      if (issuers.some((issuer) => /(^|\+ )CN=TEST /m.test(issuer)))
        checks.push(erreur(`${title} de ${partner.id}`, 'certificat d’une autorité de test', 'remplacez-le'));
    }
  return checks;
}

/** A simulator listens on this machine; what Relais speaks to in production does not. */
function simulatorChecks({ configuration, partners }: Examined): Check[] {
  const { insi, openid } = configuration;
  const named: [string, string | undefined][] = [
    ['INSi', insi.url],
    ['émetteur des personnes', openid.issuer],
    ['découverte des personnes', openid.discovery],
    ...registeredIssuers(openid.registrations),
    ...partners.flatMap(({ id, endpoint, staffIssuer, channels = {} }): [string, string | undefined][] => [
      [`adresse de ${id}`, endpoint],
      [`émetteur de ${id}`, staffIssuer?.issuer],
      ...Object.entries(channels).flatMap(([name, settings]) =>
        addressesIn(settings).map((address): [string, string] => [`canal ${name} de ${id}`, address]),
      ),
    ]),
  ];
  return named.flatMap(([subject, text]) => {
    const url = URL.parse(text ?? '');
    if (url === null) return [];
    if (isLoopback(url.hostname))
      return [
        erreur(subject, `sur cette machine (${url.origin}) : un simulateur`, 'donnez la vraie adresse'),
      ];
    if (url.protocol === 'https:') return [];
    return [erreur(subject, `sans TLS (${url.origin})`, 'donnez une adresse https')];
  });
}

/** Every https or http address of a channel's settings, however deep. */
function addressesIn(settings: unknown): string[] {
  if (typeof settings === 'string') return /^https?:/.test(settings) ? [settings] : [];
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.values(settings).flatMap(addressesIn);
}

/** A wire form that only our simulator speaks. */
function formChecks({ partners }: Examined): Check[] {
  return partners.flatMap(({ id, channels }) =>
    channels?.['xds-b']?.existence?.form === 'relais-1'
      ? [erreur(`canal xds-b de ${id}`, 'forme « relais-1 » : celle du simulateur', 'retirez existence')]
      : [],
  );
}

/** Issuers send browsers back there: by default, to the browser's own machine. */
function originChecks({ configuration: { peopleOrigin, roles } }: Examined): Check[] {
  if (!roles.includes('portal') || peopleOrigin !== undefined) return [];
  return [
    erreur(
      'adresse des personnes',
      'les fournisseurs d’identité renvoient vers localhost',
      'donnez RELAIS_PEOPLE_ORIGIN',
    ),
  ];
}

/** Undefined also when the file cannot be used, which another check says. */
function registeredIssuers(file: string): [string, string][] {
  try {
    const { operator, workers = {}, employers = {} } = readOpenidRegistrations(file);
    const doors = (whose: string, registrations: typeof workers): [string, string][] =>
      Object.entries(registrations).map(([id, { issuer }]) => [`émetteur des ${whose} de ${id}`, issuer]);
    return [
      ...(operator === undefined
        ? []
        : ([['émetteur des exploitants', operator.issuer]] as [string, string][])),
      ...doors('travailleurs', workers),
      ...doors('employeurs', employers),
    ];
  } catch {
    // told by the check of the partners
    return [];
  }
}

function isLoopback(host: string): boolean {
  return /^(.+\.)?localhost\.?$|^127\.|^\[::1\]$/.test(host);
}

function leftovers({ configuration }: Examined): Check[] {
  const { home } = configuration;
  const found = [
    [pkiPaths(join(home, 'pki')).ca.key, 'clé privée de l’autorité de test'],
    [join(home, 'keys', 'demo-passwords.json'), 'mots de passe de comptes fictifs'],
  ] as const;
  return found
    .filter(([path]) => existsSync(path))
    .map(([path, what]) => erreur('reste d’essai', `${what} (${path})`, 'partez d’un dossier neuf'));
}
