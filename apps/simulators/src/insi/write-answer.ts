import { XmlDocument, type XmlElement } from 'libxml2-wasm';
import type { Dress, Found, Matricule, SimulatedIdentity } from './people.ts';
import { SOAP } from './shapes.ts';

const RESULT = 'http://www.cnamts.fr/INSiResultat';
const PLAIN: Dress = { body: 'S', result: '' };
const REPORTS = {
  found: ['00', 'OK'],
  none: ['01', 'Aucune identite trouvee'],
  several: ['02', 'Plusieurs identites trouvees'],
} as const;

/** A RESULTAT in the dress of the person found. */
export function writeAnswer(found: Exclude<Found, 'fault'>): string {
  const identity = typeof found === 'string' ? undefined : found;
  const dress = identity?.dress ?? PLAIN;
  return writeSoap(dress, (body) => {
    const add = adder(dress.result);
    const result = body.addElement('RESULTAT');
    result.addNsDeclaration(RESULT, dress.result || undefined);
    result.prefix = dress.result;
    const [code, label] = REPORTS[typeof found === 'string' ? found : 'found'];
    const report = add(result, 'CR');
    add(report, 'CodeCR', code);
    add(report, 'LibelleCR', label);
    if (identity !== undefined) addPerson(add(result, 'INDIVIDU'), identity, dress, add);
  });
}

export interface Fault {
  role: 'Sender' | 'Receiver';
  /** local name: siram_100, siram_40, … */
  subcode: string;
  code: string;
  text: string;
  /** the real service says `fatal` where its XSD says `fatale` */
  severity: string;
}

export function writeFault({ role, subcode, code, text, severity }: Fault, messageId: string): string {
  return writeSoap({ body: 'env', result: '' }, (body) => {
    body.addNsDeclaration(SOAP, 'S');
    const add = adder('S');
    const fault = add(body, 'Fault');
    const element = add(fault, 'Code');
    add(element, 'Value', `S:${role}`);
    add(add(element, 'Subcode'), 'Value', `S:${subcode}`);
    add(add(fault, 'Reason'), 'Text', text).setAttr('lang', 'fr', 'xml');
    const error = add(fault, 'Detail').addElement('Erreur');
    error.addNsDeclaration('urn:siram', 'siram');
    error.prefix = 'siram';
    error.setAttr('code', code);
    error.setAttr('messageID', messageId);
    error.setAttr('severite', severity);
    error.addText(text);
  });
}

type Add = (parent: XmlElement, name: string, text?: string) => XmlElement;

function adder(prefix: string): Add {
  return (parent, name, text) => {
    const element = parent.addElement(name, prefix || undefined);
    if (text !== undefined) element.addText(text);
    return element;
  };
}

function writeSoap(dress: Dress, fill: (body: XmlElement) => void): string {
  const document = XmlDocument.create();
  try {
    const root = document.createRoot('Envelope', SOAP, 'soap');
    const body = root.addElement('Body', 'soap');
    if (dress.body !== 'soap') {
      body.addNsDeclaration(SOAP, dress.body);
      body.prefix = dress.body;
    }
    fill(body);
    return document.toString({ format: dress.pretty ?? false });
  } finally {
    document.dispose();
  }
}

function addPerson(person: XmlElement, identity: SimulatedIdentity, dress: Dress, add: Add): void {
  addMatricule(add(person, 'INSACTIF'), identity.ins, dress, add);
  for (const old of identity.history ?? []) addMatricule(add(person, 'INSHISTO'), old, dress, add);
  if (dress.pretty) person.addComment(' OID ');
  const { birthName, firstNames, sex, birthDate, birthPlace } = identity.traits;
  const tiq = add(person, 'TIQ');
  add(tiq, 'NomNaissance', birthName);
  if (dress.firstName) add(tiq, 'Prenom', firstNames[0] ?? '');
  add(tiq, 'ListePrenom', firstNames.join(' '));
  add(tiq, 'Sexe', sex);
  add(tiq, 'DateNaissance', birthDate);
  add(tiq, 'LieuNaissance', birthPlace);
}

function addMatricule(parent: XmlElement, matricule: Matricule, dress: Dress, add: Add): void {
  const dates = (): void => {
    if (matricule.from !== undefined) add(parent, 'DateDeb', matricule.from);
    if (matricule.to !== undefined) add(parent, 'DateFin', matricule.to);
  };
  if (dress.datesFirst) dates();
  const id = add(parent, 'IdIndividu');
  add(id, 'NumIdentifiant', matricule.value);
  add(id, 'Cle', matricule.key);
  if (dress.typeMatricule) add(id, 'TypeMatricule', 'NIR');
  add(parent, 'OID', matricule.oid);
  if (!dress.datesFirst) dates();
}
