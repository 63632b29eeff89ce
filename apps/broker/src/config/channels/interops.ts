/** Shape of an INTEROPS agreement in the partners file, and what a schema cannot say of it. */
import { X509Certificate } from 'node:crypto';
import { type InteropsChannel, type InteropsSigners, PORTAL_ROLES } from '#core';
import type { Problem } from '../problems.ts';
import { closed, https, instant, pem, text } from './shapes.ts';

const list = (items: object) => ({ type: 'array', items, minItems: 1, uniqueItems: true });
const uri = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s<>"]{1,400}$' };
const origin = { type: 'string', pattern: '^https?://[^/?#@\\s]+$' };
const word = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' };
/** days would make of a vector a password */
const LONGEST_VECTOR = 7_200;

const signers = closed({ certificates: list(pem), authorities: list(text), subjects: list(text) }, [
  'certificates',
  'authorities',
  'subjects',
]);

export const interopsChannel = closed(
  {
    label: text,
    clientCode: word,
    version: word,
    status: { enum: ['active', 'suspended'] },
    owner: text,
    legalReference: text,
    from: instant,
    to: instant,
    direction: { enum: ['client', 'provider', 'both'] },
    viDuree: { type: 'integer', minimum: 30, maximum: LONGEST_VECTOR },
    authenticationClasses: list(uri),
    pagm: list(
      closed(
        {
          name: word,
          rights: {
            type: 'array',
            items: closed({ flow: word, objects: list(word) }, ['objects']),
          },
          role: { enum: PORTAL_ROLES },
        },
        ['role'],
      ),
    ),
    provider: closed(
      {
        issuer: uri,
        recipient: uri,
        services: list(uri),
        signers,
        signedBody: { type: 'boolean' },
        encryptedBody: { type: 'boolean' },
      },
      ['encryptedBody'],
    ),
    client: closed(
      {
        endpoint: https,
        service: uri,
        recipient: uri,
        idp: closed({ name: word, version: word }),
        signedAnswer: signers,
        encryption: pem,
        pollSeconds: { type: 'integer', minimum: 1, maximum: 86_400 },
      },
      ['signedAnswer', 'encryption', 'pollSeconds'],
    ),
    portal: closed({ service: uri, origins: list(origin) }),
    exceptions: closed({ sha1Until: instant, oaepSha1Until: instant }, ['sha1Until', 'oaepSha1Until']),
  },
  ['provider', 'client', 'portal', 'exceptions'],
);

/** @param at pointer of the agreement */
export function interopsProblems(agreement: InteropsChannel, at: string): Problem[] {
  const problems: Problem[] = [];
  const add = (where: string, says: string) => problems.push({ at: `${at}${where}`, says });
  const { client, direction, from, pagm, portal, provider, to } = agreement;
  if (from >= to) add('/to', 'must be after from');
  if (direction !== 'provider' && client === undefined)
    add('/client', 'is needed where Relais calls: its service, and the name of our vectors');
  if (direction !== 'client' && provider === undefined)
    add('/provider', 'is needed where Relais is called: whose vectors, for which services');
  if (portal !== undefined && provider === undefined)
    add('/provider', 'is needed for a portal: whose vectors browsers bring');
  if (portal === undefined && pagm.some(({ role }) => role !== undefined))
    add('/portal', 'is needed where a PAGM gives a role');
  if (portal !== undefined && provider?.services.includes(portal.service) === true)
    add('/portal/service', 'must differ from the services that software calls');
  const names = pagm.map(({ name }) => name);
  for (const [n, name] of names.entries())
    if (names.indexOf(name) !== n) add(`/pagm/${n}/name`, 'is the name of another PAGM');
  if (provider !== undefined) problems.push(...signerProblems(provider.signers, `${at}/provider/signers`));
  if (client?.signedAnswer !== undefined)
    problems.push(...signerProblems(client.signedAnswer, `${at}/client/signedAnswer`));
  if (client?.encryption !== undefined && keyTypeOf(client.encryption) !== 'rsa')
    add('/client/encryption', 'must be the PEM certificate of an RSA key');
  return problems;
}

function signerProblems({ authorities, certificates, subjects }: InteropsSigners, at: string): Problem[] {
  const problems = (certificates ?? []).flatMap((pemText, n) =>
    keyTypeOf(pemText) === undefined
      ? [{ at: `${at}/certificates/${n}`, says: 'must be a PEM certificate' }]
      : [],
  );
  // an authority alone would let all that it ever certified speak for this partner
  if (certificates === undefined && (authorities === undefined || subjects === undefined))
    problems.push({ at, says: 'needs certificates, or authorities with subjects' });
  return problems;
}

function keyTypeOf(pemText: string): string | undefined {
  try {
    return new X509Certificate(pemText).publicKey.asymmetricKeyType;
  } catch {
    return undefined;
  }
}

/** One issuer names one agreement: two would let each speak for the other. */
export function interopsDoubles(
  partners: readonly { channels?: { 'interops-soap'?: InteropsChannel } }[],
): Problem[] {
  const seen = new Set<string>();
  return partners.flatMap(({ channels }, index) => {
    const issuer = channels?.['interops-soap']?.provider?.issuer;
    if (issuer === undefined) return [];
    if (!seen.has(issuer)) {
      seen.add(issuer);
      return [];
    }
    const at = `/partners/${index}/channels/interops-soap/provider/issuer`;
    return [{ at, says: 'is the issuer of another agreement' }];
  });
}
