/** What a request must look like, written from the published WSDL 1.5.0 and its XSDs, stricter where they let all pass. */

export interface Shape {
  namespace: string;
  name: string;
  /** exactly these attributes, minus the optional ones */
  attributes?: Readonly<Record<string, RegExp>>;
  optionalAttributes?: readonly string[];
  /** a leaf's text */
  value?: RegExp;
  /** children in this order; neither value nor sequence = empty */
  sequence?: readonly Shape[];
  min?: 0;
  max?: number;
}

export const SOAP = 'http://www.w3.org/2003/05/soap-envelope';
export const WSA = 'http://www.w3.org/2005/08/addressing';
export const BAM = 'urn:siram:bam:ctxbam';
export const LPS = 'urn:siram:lps:ctxlps';
export const REC_SANS = 'http://www.cnamts.fr/INSiRecSans';
export const REC_VIT = 'http://www.cnamts.fr/INSiRecVit';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const SOMETHING = /\S/;
const NAME = /^[A-Z'][A-Z' -]*$/;
const GIVEN_NAME = /^(?!.*--)[A-Z'](?:[A-Z' -]*[A-Z])?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const NIR = /^\d{6}[AB0-9]\d{6}$/;
const KEY = /^\d{2}$/;

function shapes(namespace: string) {
  const leaf = (name: string, value: RegExp, more: Partial<Shape> = {}): Shape => ({
    namespace,
    name,
    value,
    ...more,
  });
  const node = (name: string, sequence: readonly Shape[], more: Partial<Shape> = {}): Shape => ({
    namespace,
    name,
    sequence,
    ...more,
  });
  return { leaf, node };
}

const optional = { min: 0 } as const;
const bam = shapes(BAM);
const lps = shapes(LPS);
const sans = shapes(REC_SANS);
const vit = shapes(REC_VIT);

function contexteBam(coverage: readonly Shape[]): Shape {
  return bam.node(
    'ContexteBAM',
    [
      bam.leaf('Id', UUID),
      bam.leaf('Temps', INSTANT),
      bam.leaf('Emetteur', SOMETHING),
      bam.leaf('DateRef', INSTANT, optional),
      bam.node('COUVERTURE', coverage),
    ],
    { attributes: { Version: /^01_02$/, Nature: /^CTXBAM$/ }, optionalAttributes: ['Nature'] },
  );
}

const CONTEXTE_LPS = lps.node(
  'ContexteLPS',
  [
    lps.leaf('Id', UUID),
    lps.leaf('Temps', INSTANT),
    lps.leaf('Emetteur', SOMETHING),
    lps.node('LPS', [
      lps.leaf('IDAM', SOMETHING, { attributes: { R: /^4$/ } }),
      lps.leaf('Version', SOMETHING),
      lps.leaf('Instance', UUID),
      lps.leaf('Nom', /^urn:lps:[^:\s]+:[^:\s]+$/),
    ]),
  ],
  { attributes: { Version: /^01_00$/, Nature: /^CTXLPS$/ } },
);

const CARD_COVERAGE = [
  bam.leaf('GrandRegime', SOMETHING),
  bam.leaf('Organisme', SOMETHING),
  bam.leaf('CodeCentre', SOMETHING),
  bam.node('ASSURE', [bam.node('Id', [bam.leaf('Num', NIR), bam.leaf('Cle', KEY)])]),
  bam.node('BENEFICIAIRE', [
    bam.node(
      'Nir',
      [bam.leaf('Num', NIR), bam.leaf('Cle', KEY), bam.leaf('DateCertification', DATE, optional)],
      optional,
    ),
    bam.leaf('DateNai', DATE),
    bam.leaf('Rang', /^\d+$/),
    bam.leaf('Porteur', /^\d$/),
  ]),
];

function matricule(name: string, more: Partial<Shape> = {}): Shape {
  return vit.node(
    name,
    [
      vit.leaf('NumIdentifiant', NIR),
      vit.leaf('Cle', KEY, optional),
      vit.leaf('TypeMatricule', SOMETHING, optional),
    ],
    more,
  );
}

export interface Operation {
  name: 'traits' | 'vitale';
  action: string;
  headers: readonly Shape[];
  body: Shape;
}

function operation(
  name: Operation['name'],
  action: string,
  coverage: readonly Shape[],
  body: Shape,
): Operation {
  const exact = new RegExp(`^${action}$`);
  return {
    name,
    action,
    // no wsse:Security: these are all the headers of the software certificate mode
    headers: [
      contexteBam(coverage),
      CONTEXTE_LPS,
      { namespace: WSA, name: 'Action', value: exact },
      { namespace: WSA, name: 'MessageID', value: /^uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/ },
    ],
    body,
  };
}

export const OPERATIONS: readonly Operation[] = [
  operation(
    'traits',
    'urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite',
    [],
    sans.node('RECSANSVITALE', [
      sans.leaf('NomNaissance', NAME),
      sans.leaf('Prenom', GIVEN_NAME, { max: 50 }),
      sans.leaf('Sexe', /^[MF]$/),
      sans.leaf('DateNaissance', DATE),
      sans.leaf('LieuNaissance', /^(\d{5}|2[AB]\d{3})$/, optional),
    ]),
  ),
  operation(
    'vitale',
    'urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale',
    CARD_COVERAGE,
    vit.node('RECVITALE', [
      matricule('MatriculeIndividu', optional),
      matricule('MatriculeOD'),
      vit.leaf('NomNaissance', NAME),
      vit.leaf('DateNaissance', DATE),
      vit.leaf('RangNaissance', /^\d$/),
    ]),
  ),
];
