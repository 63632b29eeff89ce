/** One FHIR Organization of the Annuaire Santé as a service; nothing of it is believed to be there. */
import type { DirectoryMailbox, DirectoryService } from '#core';
import { pemOf } from './certificate-text.ts';

/**
 * Names and codes of the Annuaire Santé, version 2 (facts §2, and the profiles that ANS publishes). That SIRET stands under
 * `https://sirene.fr` is our reading of FR Core.
 */
export const PROFILE = {
  sector: {
    system: 'https://mos.esante.gouv.fr/NOS/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite',
    code: 'SA66',
  },
  finess: 'https://finess.esante.gouv.fr',
  siret: 'https://sirene.fr',
  mailbox: 'https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-ext-mailbox-mss-metadata',
  certificate:
    'https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-ext-digital-certificate',
  /** of a structure; a person's is nobody's business here */
  mailboxTypes: ['ORG', 'APP'],
} as const;

type Json = Record<string, unknown>;

/** undefined when it is no occupational health service that is open. */
export function serviceOf(resource: unknown, readAt: string): DirectoryService | undefined {
  if (!isObject(resource) || resource['resourceType'] !== 'Organization') return undefined;
  const { name, active } = resource;
  if (typeof name !== 'string' || name === '' || active === false || !isOccupational(resource))
    return undefined;
  const finess = identifier(resource, PROFILE.finess, /^\d[\dAB]\d{7}$/);
  const siret = identifier(resource, PROFILE.siret, /^\d{14}$/);
  return {
    name: name.slice(0, 300),
    ...(finess === undefined ? {} : { finess }),
    ...(siret === undefined ? {} : { siret }),
    mailboxes: objects(resource['telecom']).flatMap(mailboxOf),
    certificates: extensions(resource, PROFILE.certificate).flatMap(certificateOf),
    readAt,
  };
}

function isOccupational(resource: Json): boolean {
  return objects(resource['type'])
    .flatMap(({ coding }) => objects(coding))
    .some(({ system, code }) => system === PROFILE.sector.system && code === PROFILE.sector.code);
}

function identifier(resource: Json, system: string, form: RegExp): string | undefined {
  const found = objects(resource['identifier']).find((one) => one['system'] === system)?.['value'];
  return typeof found === 'string' && form.test(found) ? found : undefined;
}

/** A mailbox is what the directory marks as one, whatever its address looks like; one on the red list is not shown. */
function mailboxOf(telecom: Json): DirectoryMailbox[] {
  const [about] = extensions(telecom, PROFILE.mailbox);
  const { value: address } = telecom;
  if (
    about === undefined ||
    typeof address !== 'string' ||
    !/^[^@\s<>"]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(address)
  )
    return [];
  const [redList] = extensions(about, 'listeRouge');
  const [typed] = extensions(about, 'type');
  const [described] = extensions(about, 'description');
  const concept = isObject(typed?.['valueCodeableConcept']) ? typed['valueCodeableConcept'] : {};
  const type = objects(concept['coding'])[0]?.['code'];
  if (redList?.['valueBoolean'] === true) return [];
  // the server does not filter by type: it rejected that parameter
  if (typeof type === 'string' && !PROFILE.mailboxTypes.some((one) => one === type)) return [];
  const description = described?.['valueString'];
  return [
    {
      address,
      ...(typeof type === 'string' ? { type } : {}),
      ...(typeof description === 'string' ? { description: description.slice(0, 300) } : {}),
    },
  ];
}

function certificateOf(extension: Json): string[] {
  const attachment = extensions(extension, 'value')[0]?.['valueAttachment'];
  const data = isObject(attachment) ? attachment['data'] : undefined;
  const pem = typeof data === 'string' ? pemOf(Buffer.from(data, 'base64')) : undefined;
  return pem === undefined ? [] : [pem];
}

function extensions(of: Json, url: string): Json[] {
  return objects(of['extension']).filter((one) => one['url'] === url);
}

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
