import { XmlDocument, XmlElement } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { BadRequest } from './check-shape.ts';
import { readRequest } from './read-request.ts';

const ACTION = 'urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvec';
const CONTEXT =
  '<c:Id>0190a0c0-0000-7000-8000-000000000001</c:Id><c:Temps>2026-01-01T00:00:00.000Z</c:Temps><c:Emetteur>10B0000001</c:Emetteur>';

function request(operation: string, coverage: string, body: string): string {
  return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://www.w3.org/2005/08/addressing"><s:Header>
<c:ContexteBAM xmlns:c="urn:siram:bam:ctxbam" Version="01_02">${CONTEXT}<c:COUVERTURE>${coverage}</c:COUVERTURE></c:ContexteBAM>
<c:ContexteLPS xmlns:c="urn:siram:lps:ctxlps" Nature="CTXLPS" Version="01_00">${CONTEXT}<c:LPS><c:IDAM R="4">RL01</c:IDAM><c:Version>1</c:Version><c:Instance>0190a0c0-0000-7000-8000-000000000002</c:Instance><c:Nom>urn:lps:relais:1</c:Nom></c:LPS></c:ContexteLPS>
<w:Action>${ACTION}${operation}</w:Action><w:MessageID>uuid:0190a0c0-0000-7000-8000-000000000003</w:MessageID>
</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

const TRAITS = request(
  'TraitsIdentite',
  '',
  `<r:RECSANSVITALE xmlns:r="http://www.cnamts.fr/INSiRecSans"><r:NomNaissance>D'ADRUN</r:NomNaissance><r:Prenom>ZOE</r:Prenom><r:Prenom>LOU</r:Prenom><r:Sexe>F</r:Sexe><r:DateNaissance>1975-12-31</r:DateNaissance><r:LieuNaissance>63220</r:LieuNaissance></r:RECSANSVITALE>`,
);
const VITALE = request(
  'CarteVitale',
  '<c:GrandRegime>01</c:GrandRegime><c:Organisme>631</c:Organisme><c:CodeCentre>0000</c:CodeCentre><c:ASSURE><c:Id><c:Num>2751263220749</c:Num><c:Cle>74</c:Cle></c:Id></c:ASSURE><c:BENEFICIAIRE><c:Nir><c:Num>2751263220749</c:Num><c:Cle>74</c:Cle></c:Nir><c:DateNai>1975-12-31</c:DateNai><c:Rang>1</c:Rang><c:Porteur>1</c:Porteur></c:BENEFICIAIRE>',
  `<r:RECVITALE xmlns:r="http://www.cnamts.fr/INSiRecVit"><r:MatriculeIndividu><r:NumIdentifiant>2751263220749</r:NumIdentifiant><r:Cle>74</r:Cle></r:MatriculeIndividu><r:MatriculeOD><r:NumIdentifiant>2751263220749</r:NumIdentifiant></r:MatriculeOD><r:NomNaissance>ADRUN</r:NomNaissance><r:DateNaissance>1975-12-31</r:DateNaissance><r:RangNaissance>1</r:RangNaissance></r:RECVITALE>`,
);

it('a good request is read', () => {
  expect(readRequest(TRAITS, `${ACTION}TraitsIdentite`)).toEqual({
    operation: 'traits',
    messageId: 'uuid:0190a0c0-0000-7000-8000-000000000003',
    idam: 'RL01',
    emitter: '10B0000001',
    traits: {
      birthName: "D'ADRUN",
      firstNames: ['ZOE', 'LOU'],
      sex: 'F',
      birthDate: '1975-12-31',
      birthPlace: '63220',
    },
  });
  expect(readRequest(VITALE, `${ACTION}CarteVitale`)).toMatchObject({
    operation: 'vitale',
    card: { birthName: 'ADRUN', birthDate: '1975-12-31', matricule: '2751263220749' },
  });
});

/** What an element may be without: the XSD's optional ones, and one Prenom of two. */
const MAY_GO = /^(r:(LieuNaissance|Prenom|MatriculeIndividu|Cle)|c:Nir)$/;

/** Every single-element mutation of a request, named after what it did. */
function* mutations(xml: string): Generator<[name: string, xml: string]> {
  const original = XmlDocument.fromString(xml);
  const count = original.find('//*').length;
  original.dispose();
  for (let index = 0; index < count; index += 1) {
    for (const change of ['remove', 'duplicate', 'rename', 'move', 'fill', 'attribute', 'text'] as const) {
      const document = XmlDocument.fromString(xml);
      const element = document.find('//*')[index] as XmlElement;
      const name = `${element.prefix}:${element.name}`;
      const done = !(change === 'remove' && MAY_GO.test(name)) && mutate(element, change);
      const mutated = document.toString({ format: false });
      document.dispose();
      if (done) yield [`${change} ${name} (${index})`, mutated];
    }
  }
}

function mutate(
  element: XmlElement,
  change: 'remove' | 'duplicate' | 'rename' | 'move' | 'fill' | 'attribute' | 'text',
): boolean {
  const leaf =
    !(element.firstChild instanceof XmlElement) && !(element.lastChild?.prev instanceof XmlElement);
  const root = element.parent === null || !(element.parent instanceof XmlElement);
  if (change === 'remove' && !root) element.remove();
  else if (change === 'duplicate' && !root && element.name !== 'Prenom') {
    const twin = element.appendElement(element.name, element.prefix);
    if (leaf) twin.addText(element.content);
  } else if (change === 'rename' && !root && leaf) {
    element.appendElement(`${element.name}X`, element.prefix).addText(element.content);
    element.remove();
  } else if (change === 'move' && !root && leaf) {
    const twin = element.appendElement(element.name);
    twin.addNsDeclaration('urn:other', 'o');
    twin.prefix = 'o';
    twin.addText(element.content);
    element.remove();
  } else if (change === 'fill' && leaf) element.addElement('x');
  else if (change === 'attribute' && element.prefix !== 's') element.setAttr('x', '1');
  else if (change === 'text' && !leaf) element.addText('x');
  else return false;
  return true;
}

describe.each([
  ['traits', TRAITS, `${ACTION}TraitsIdentite`],
  ['Vitale', VITALE, `${ACTION}CarteVitale`],
])('a %s request with one thing wrong', (_, good, action) => {
  it.each([...mutations(good)])('is refused: %s', (_name, xml) => {
    expect(xml).not.toBe(good);
    expect(() => readRequest(xml, action)).toThrow(BadRequest);
  });

  it.each([
    ['a version', /01_02/],
    ['a reference R', / R="4"/],
    ['a nature', /Nature="CTXLPS"/],
    ['a birth name in lower case', /ADRUN/],
    ['a message id', /uuid:/],
    ['an action', /rechercher/],
    ['a time', /\.000Z/],
    ['a software name', /urn:lps:/],
    ['a date', /-12-31<\/r/],
    ['one Emetteur of two', /10B0000001/],
    ['the SOAP namespace', /2003\/05/],
  ])('is refused without %s', (_name, pattern) => {
    expect(good).toMatch(pattern);
    const lower = pattern.source === 'ADRUN' ? 'Adrun' : '';
    expect(() => readRequest(good.replace(pattern, lower || 'x'), action)).toThrow(BadRequest);
  });

  it('is refused for a Prenom in lower case, a DOCTYPE, two bodies, another action, cut XML', () => {
    for (const bad of [
      good.replace('ZOE', 'Zoé').replace('RangNaissance>1', 'RangNaissance>x'),
      `<!DOCTYPE a>${good}`,
      good.replace('</s:Body>', '</s:Body><s:Body/>'),
      good.replace(/<s:Body>(.*)<\/s:Body>/s, '<s:Body>$1$1</s:Body>'),
      good.slice(0, -10),
    ]) {
      expect(() => readRequest(bad, action)).toThrow(BadRequest);
    }
    expect(() => readRequest(good, undefined)).toThrow(BadRequest);
    expect(() => readRequest(good, `${action}X`)).toThrow(BadRequest);
  });

  it('is refused with a wsse:Security header: this is the software certificate mode', () => {
    const security =
      '<o:Security xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"/>';
    expect(() => readRequest(good.replace('</s:Header>', `${security}</s:Header>`), action)).toThrow(
      'software certificate',
    );
  });
});
