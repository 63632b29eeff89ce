/** xmllint and the official XSDs on what the INSi client sends and on what the simulator answers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { XmlC14NMode, XmlDocument, XmlElement } from 'libxml2-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_PEOPLE } from '../../apps/simulators/src/insi/index.ts';
import {
  anInsiService,
  type InsiService,
  NOBODY,
  PERSON,
  signal,
  traits,
  ZOE,
} from '../builders/insi-service.ts';
import { judgedBy, onShared, run } from './programs.ts';

const XSD = {
  RECSANSVITALE: 'xsd/ServiceIdentiteCertifiee/INSi_RECSANS_INS.xsd',
  RECVITALE: 'xsd/ServiceIdentiteCertifiee/INSi_RECVITALE_INS.xsd',
  RESULTAT: 'xsd/ServiceIdentiteCertifiee/INSi_RESULTAT_INS.xsd',
  ContexteBAM: 'xsd/CTX/ROOT_ctxbam_CTXBAM_V01_02.xsd',
  ContexteLPS: 'xsd/CTX/ROOT_ctxlps_CTXLPS_V01_00.xsd',
} as const;

/** The blocks of an envelope that have an XSD, each as a document of its own. */
function blocks(envelope: string): Map<keyof typeof XSD, string> {
  const document = XmlDocument.fromString(envelope);
  try {
    const found = new Map<keyof typeof XSD, string>();
    for (const name of Object.keys(XSD) as (keyof typeof XSD)[]) {
      const element = document.root.get(`//*[local-name()='${name}']`);
      if (element instanceof XmlElement) {
        found.set(name, element.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 }));
      }
    }
    return found;
  } finally {
    document.dispose();
  }
}

judgedBy(['xmllint'], 'xmllint', () => {
  onShared('insi-wsdl/DESIR_ICIR_EXP_1.5.0.wsdl', 'on the official XSDs', (wsdl) => {
    let insi: InsiService;
    let folder: string;
    beforeAll(async () => {
      insi = await anInsiService();
      folder = mkdtempSync(join(tmpdir(), 'insi-xsd-'));
    });
    afterAll(async () => {
      await insi.close();
      rmSync(folder, { recursive: true });
    });

    /** xmllint's verdict, '' when valid */
    function verdict(name: keyof typeof XSD, xml: string): string {
      const file = join(folder, `${name}.xml`);
      writeFileSync(file, xml);
      try {
        run('xmllint', ['--noout', '--nonet', '--schema', join(dirname(wsdl), XSD[name]), file]);
        return '';
      } catch (error) {
        return String((error as { stderr?: Buffer }).stderr);
      }
    }

    function expectValid(envelope: string, names: readonly (keyof typeof XSD)[]): void {
      const found = blocks(envelope);
      expect([...found.keys()].toSorted()).toEqual(names.toSorted());
      for (const [name, xml] of found) expect(verdict(name, xml)).toBe('');
    }

    function lastRequest(): string {
      return insi.simulator.calls().at(-1)?.request ?? '';
    }

    describe('what the client sends', () => {
      it.each([
        ['one given name', NOBODY],
        ['several, with the place', traits('DE VINCI, LEONARDO RUTH', 'M', '2014-02-01', '63220')],
        ['Corsica', traits('ADRTROIS, TOUSSAINT', 'F', '1960-01-01', '2B020')],
        ['an apostrophe and hyphens', { ...ZOE, birthName: "D'AEION--BEL", firstNames: ['ZOE-LOU'] }],
      ])('a traits search is valid: %s', async (_, sent) => {
        await insi.client().search(sent, PERSON, signal);
        expectValid(lastRequest(), ['RECSANSVITALE', 'ContexteBAM', 'ContexteLPS']);
      });

      it('a Vitale search is valid, with and without a certified NIR', async () => {
        const beneficiary = { birthName: 'ADRUN', birthDate: '1975-12-31', birthRank: '1', holder: '1' };
        const insured = { value: '2751263220749', key: '74' };
        const card = { scheme: '01', fund: '631', centre: '0000', insured, beneficiary };
        await insi.client().searchByVitale(card, PERSON, signal);
        expectValid(lastRequest(), ['RECVITALE', 'ContexteBAM', 'ContexteLPS']);
        const nir = { ...insured, certifiedOn: '2010-01-01' };
        const certified = { ...card, beneficiary: { ...beneficiary, nir } };
        await insi.client().searchByVitale(certified, PERSON, signal);
        expectValid(lastRequest(), ['RECVITALE', 'ContexteBAM', 'ContexteLPS']);
      });

      it('xmllint would say no: the same blocks, one element out of its place', async () => {
        await insi.client().search(ZOE, PERSON, signal);
        const wrong = blocks(
          lastRequest().replace(
            /(<recsans:Prenom>.*?<\/recsans:Prenom>)(<recsans:Sexe>.*?<\/recsans:Sexe>)/,
            '$2$1',
          ),
        );
        expect(verdict('RECSANSVITALE', wrong.get('RECSANSVITALE') ?? '')).toContain('Prenom');
        const bare = blocks(lastRequest().replace('<ctxbam:COUVERTURE/>', ''));
        expect(verdict('ContexteBAM', bare.get('ContexteBAM') ?? '')).toContain('COUVERTURE');
      });
    });

    describe('what the simulator answers', () => {
      /** The client's last request again, for the answer's own bytes. */
      function answerTo(body: string): Promise<string> {
        const { certificate, key } = insi.mandate.manu as { certificate: string; key: string };
        const action = 'urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite';
        return new Promise((resolve, reject) => {
          request(insi.simulator.url, {
            method: 'POST',
            ca: insi.authority.certificate,
            cert: certificate,
            key,
            headers: { 'content-type': `application/soap+xml; charset=utf-8; action="${action}"` },
          })
            .on('response', (response) =>
              buffer(response).then((bytes) => resolve(bytes.toString('utf8')), reject),
            )
            .on('error', reject)
            .end(body);
        });
      }

      it('is valid for everyone, but where the platform itself is known not to be', async () => {
        const verdicts = new Map<string, string>();
        for (const { traits: known } of TEST_PEOPLE) {
          await insi.client().search(known, PERSON, signal);
          const xml = blocks(await answerTo(lastRequest())).get('RESULTAT') ?? '';
          verdicts.set(known.birthName + known.firstNames[0], verdict('RESULTAT', xml));
        }
        // DateDeb before IdIndividu, as in a published fixture of the platform
        expect(verdicts.get('ECETINSIPIERRE-ALAIN')).toContain('DateDeb');
        verdicts.delete('ECETINSIPIERRE-ALAIN');
        expect([...verdicts.values()].filter(Boolean)).toEqual([]);
        expect(verdicts.size).toBe(TEST_PEOPLE.length - 1);
      });

      it('is valid for nobody and for several', async () => {
        for (const sent of [NOBODY, traits('DE VINCI, LEONARDO', 'M', '2014-02-01')]) {
          await insi.client().search(sent, PERSON, signal);
          expectValid(await answerTo(lastRequest()), ['RESULTAT']);
        }
      });
    });
  });
});
