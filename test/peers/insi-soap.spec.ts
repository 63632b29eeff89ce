/** A SOAP server that is not ours, on the official WSDL, as the teleservice: does it understand the client, and the client it? */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { listen } from 'soap';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  anInsiService,
  EMITTER,
  IDAM,
  type InsiService,
  PERSON,
  signal,
  traits,
} from '../builders/insi-service.ts';
import { onShared } from './programs.ts';

onShared('insi-wsdl/DESIR_ICIR_EXP_1.5.0.wsdl', 'npm soap on the official WSDL', (wsdl) => {
  let insi: InsiService;
  let server: Server;
  let folder: string;
  let url: string;
  const seen: { operation: string; args: unknown; headers: unknown }[] = [];

  beforeAll(async () => {
    insi = await anInsiService();
    folder = mkdtempSync(join(tmpdir(), 'insi-wsdl-'));
    cpSync(dirname(wsdl), folder, { recursive: true });
    const file = join(folder, basename(wsdl));
    // WS-Addressing's own XSD lies on the web, out of reach here: what it would say of MessageID, in one line
    const addressing = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2005/08/addressing"
      elementFormDefault="qualified"><xs:element name="MessageID" type="xs:anyURI"/></xs:schema>`;
    writeFileSync(join(folder, 'ws-addr.xsd'), addressing);
    const xml = readFileSync(file, 'utf8').replace(
      'http://www.w3.org/2006/03/addressing/ws-addr.xsd',
      'ws-addr.xsd',
    );
    writeFileSync(file, xml);

    const { certificate, key } = await insi.authority.server();
    server = createServer({ cert: certificate, key, ca: insi.authority.certificate, requestCert: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const answer = (operation: string) => (args: unknown, _callback: unknown, headers: unknown) => {
      seen.push({ operation, args, headers });
      const { Prenom: asked } = args as { Prenom?: string | string[] };
      if (asked === 'LOU' || asked === 'ANA')
        return { CR: { CodeCR: '01', LibelleCR: 'Aucune identite trouvee' } };
      return {
        CR: { CodeCR: '00', LibelleCR: 'OK' },
        INDIVIDU: {
          INSACTIF: {
            IdIndividu: { NumIdentifiant: '2751263220749', Cle: '74' },
            OID: '1.2.250.1.213.1.4.8',
          },
          TIQ: {
            NomNaissance: 'ADRUN',
            ListePrenom: 'ZOE',
            Sexe: 'F',
            DateNaissance: '1975-12-31',
            LieuNaissance: '63220',
          },
        },
      };
    };
    await new Promise<void>((resolve, reject) => {
      listen(server, {
        path: '/lps',
        xml,
        uri: file,
        forceSoap12Headers: true,
        services: {
          'ICIR-v1': {
            ICIRService: {
              rechercherInsAvecTraitsIdentite: answer('traits'),
              rechercherInsAvecCarteVitale: answer('vitale'),
            },
          },
        },
        callback: (error: unknown) => (error ? reject(error) : resolve()),
      });
    });
    url = `https://localhost:${(server.address() as AddressInfo).port}/lps`;
  });

  afterAll(async () => {
    await insi.close();
    await new Promise((resolve) => server.close(resolve).closeAllConnections());
    rmSync(folder, { recursive: true });
  });

  it('reads the traits search and its four headers as the WSDL names them, and is read back', async () => {
    const sent = traits("D'ADRUN, ZOE", 'F', '1975-12-31', '63220');
    const answer = await insi.client({ url }).search(sent, PERSON, signal);
    expect(answer).toMatchObject({
      outcome: 'found',
      identity: {
        ins: { value: '2751263220749', key: '74' },
        traits: { birthName: 'ADRUN', firstNames: ['ZOE'] },
      },
    });
    expect(seen.at(-1)).toMatchObject({
      operation: 'traits',
      args: { NomNaissance: "D'ADRUN", Prenom: 'ZOE', Sexe: 'F', DateNaissance: '1975-12-31' },
      headers: {
        ContexteBAM: { attributes: { Version: '01_02' }, Emetteur: EMITTER },
        ContexteLPS: { LPS: { IDAM: { attributes: { R: '4' }, $value: IDAM }, Nom: 'urn:lps:relais:0.1.0' } },
        MessageID: expect.stringMatching(/^uuid:/),
        Action: 'urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite',
      },
    });
  });

  it('reads several given names as several', async () => {
    const sent = traits('ADRUN, LOU ANA', 'F', '1975-12-31');
    expect(await insi.client({ url }).search(sent, PERSON, signal)).toMatchObject({
      outcome: 'found',
      calls: 3,
    });
    expect(seen.slice(-3).map(({ args }) => (args as { Prenom: unknown }).Prenom)).toEqual([
      'LOU',
      'ANA',
      ['LOU', 'ANA'],
    ]);
  });

  it('reads the Vitale search', async () => {
    const answer = await insi.client({ url }).searchByVitale(
      {
        scheme: '01',
        fund: '631',
        centre: '0000',
        insured: { value: '2751263220749', key: '74' },
        beneficiary: { birthName: 'ADRUN', birthDate: '1975-12-31', birthRank: '1', holder: '1' },
      },
      PERSON,
      signal,
    );
    expect(answer.outcome).toBe('found');
    expect(seen.at(-1)).toMatchObject({
      operation: 'vitale',
      args: { MatriculeOD: { NumIdentifiant: '2751263220749' }, RangNaissance: '1' },
      headers: { ContexteBAM: { COUVERTURE: { ASSURE: { Id: { Num: '2751263220749', Cle: '74' } } } } },
    });
  });
});
