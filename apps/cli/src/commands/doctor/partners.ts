import { flows } from '#contracts';
import type { Directory, Partner } from '#core';
import { readOpenidRegistrations } from '../../../../broker/src/config/openid-file.ts';
import { ownSpaceIssuers, staffIssuers } from '../../../../broker/src/persons/issuer-settings.ts';
import { attention, type Check, failed, ok } from './check.ts';
import type { Examined } from './examined.ts';

/** Who is in force, and what their agreements name that is not there. */
export function partnerChecks({ configuration, partners }: Examined): Check[] {
  const revoked = partners.filter(({ client }) => client === undefined).length;
  const said = revoked === 0 ? '' : `, dont ${revoked} sans accès (révoqués)`;
  return [
    ...(partners.length === 0 ? [] : [ok('partenaires', `${partners.length} inscrits${said}`)]),
    ...partners.flatMap(unknownFlows),
    issuersCheck(partners, configuration.openid.registrations),
    configuration.insi.url === undefined
      ? attention('INSi', 'pas de téléservice, aucune identité ne sera vérifiée', 'donnez RELAIS_INSI_URL')
      : ok('INSi', configuration.insi.url),
  ];
}

function unknownFlows({ id, flows: sends }: Partner): Check[] {
  const unknown = sends.filter((name) => !flows.some(({ contract }) => contract.flow === name));
  if (unknown.length === 0) return [];
  return [
    attention(`partenaire ${id}`, `flux inconnus de cette version : ${unknown.join(', ')}`, 'retirez-les'),
  ];
}

function issuersCheck(partners: readonly Partner[], file: string): Check {
  const directory: Directory = {
    all: () => partners,
    partner: (id) => partners.find((partner) => partner.id === id),
  };
  try {
    const { operator, staff = {}, workers = {}, employers = {} } = readOpenidRegistrations(file);
    const services = staffIssuers(directory, staff).length;
    const doors = [
      ...ownSpaceIssuers('worker', directory, workers),
      ...ownSpaceIssuers('employer', directory, employers),
    ].length;
    if (operator === undefined)
      return attention('OpenID', 'aucun émetteur pour les exploitants', `inscrivez-le dans ${file}`);
    return ok(
      'OpenID',
      `Pro Santé Connect, exploitants, personnel de ${services} service(s)${doors === 0 ? '' : `, ${doors} porte(s) de portail`}`,
    );
  } catch (error) {
    return failed('OpenID', error, `corrigez ${file}`);
  }
}
