/** An agreement as XML, for the two organisations to keep: what the partners file says, certificates included, no key. */
import { X509Certificate } from 'node:crypto';
import type { InteropsChannel, InteropsClient, InteropsProvider, InteropsSigners, Partner } from '#core';
import { clientIdentity } from '#protection';
import { writeXml, type XmlTree } from '#transports';

const NAMESPACE = 'urn:relais:interops:convention:1';
const SIGNATURES = [
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
];
const ENCRYPTION = ['http://www.w3.org/2009/xmlenc11#aes256-gcm', 'http://www.w3.org/2009/xmlenc11#rsa-oaep'];

export function agreementXml({ id }: Pick<Partner, 'id'>, agreement: InteropsChannel): string {
  const { client, direction, portal, provider, status, version } = agreement;
  const tree: XmlTree = [
    'c:Convention',
    [
      ['c:Libelle', agreement.label],
      ['c:CodeClient', agreement.clientCode],
      ['c:Responsable', agreement.owner],
      ['c:TexteDeReference', agreement.legalReference],
      ['c:EnVigueur', [], { depuis: agreement.from, jusqua: agreement.to }],
      ['c:ViDuree', String(agreement.viDuree)],
      ...agreement.authenticationClasses.map((one): XmlTree => ['c:ClasseAuthentification', one]),
      ...pagmTrees(agreement),
      provider && providerTree(provider),
      client && clientTree(client),
      portal && [
        'c:Portail',
        [['c:Service', portal.service], ...portal.origins.map((one): XmlTree => ['c:Origine', one])],
      ],
      algorithms(agreement),
    ],
    { partenaire: id, version, statut: status, sens: direction },
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeXml(tree, { c: NAMESPACE })}\n`;
}

function pagmTrees({ pagm }: InteropsChannel): XmlTree[] {
  return pagm.map(
    ({ name, rights, role }): XmlTree => [
      'c:Pagm',
      rights.flatMap(({ flow, objects }): XmlTree[] =>
        objects === undefined
          ? [['c:Droit', [], { flux: flow }]]
          : objects.map((object): XmlTree => ['c:Droit', [], { flux: flow, objet: object }]),
      ),
      { nom: name, role },
    ],
  );
}

function providerTree(provider: InteropsProvider): XmlTree {
  const { encryptedBody = false, issuer, recipient, services, signedBody, signers } = provider;
  return [
    'c:Fournisseur',
    [
      ['c:Emetteur', issuer],
      ['c:Destinataire', recipient],
      ...services.map((one): XmlTree => ['c:Service', one]),
      signersTree('c:Signataires', signers),
    ],
    { corpsSigne: String(signedBody), corpsChiffre: String(encryptedBody) },
  ];
}

function clientTree(client: InteropsClient): XmlTree {
  const { encryption, endpoint, idp, pollSeconds, recipient, service, signedAnswer } = client;
  return [
    'c:Client',
    [
      ['c:Adresse', endpoint],
      ['c:Service', service],
      ['c:Destinataire', recipient],
      ['c:Idp', [], { nom: idp.name, version: idp.version }],
      signedAnswer && signersTree('c:SignatairesDesReponses', signedAnswer),
      encryption === undefined ? undefined : certificateTree('c:Chiffrement', encryption),
      pollSeconds === undefined ? undefined : ['c:Releve', String(pollSeconds)],
    ],
  ];
}

function signersTree(name: string, { authorities, certificates, subjects }: InteropsSigners): XmlTree {
  return [
    name,
    [
      ...(certificates ?? []).map((one) => certificateTree('c:Certificat', one)),
      ...(authorities ?? []).map((one): XmlTree => ['c:Autorite', one]),
      ...(subjects ?? []).map((one): XmlTree => ['c:Sujet', one]),
    ],
    { controleDn: String(authorities !== undefined || subjects !== undefined) },
  ];
}

function certificateTree(name: string, pem: string): XmlTree {
  const certificate = new X509Certificate(pem);
  const { issuer, subject } = clientIdentity(certificate);
  const jusqua = certificate.validToDate.toISOString();
  return [name, certificate.raw.toString('base64'), { sujet: subject, autorite: issuer, jusqua }];
}

function algorithms({ exceptions = {} }: InteropsChannel): XmlTree {
  const { oaepSha1Until, sha1Until } = exceptions;
  const exception = (algorithme: string, jusqua: string | undefined): XmlTree | undefined =>
    jusqua === undefined ? undefined : ['c:Exception', [], { algorithme, jusqua }];
  return [
    'c:Algorithmes',
    [
      ...SIGNATURES.map((one): XmlTree => ['c:Signature', one]),
      ...ENCRYPTION.map((one): XmlTree => ['c:Chiffrement', one]),
      exception('http://www.w3.org/2000/09/xmldsig#rsa-sha1', sha1Until),
      exception('http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p', oaepSha1Until),
    ],
  ];
}
