import { X509Certificate } from 'node:crypto';
import { type Audience, BrokerError, type Partner } from '#core';
import { clientIdentity, type TrustStore, thumbprint } from '#protection';
import type { Configuration } from '../../../../broker/src/config/environment.ts';
import { readPartners } from '../../../../broker/src/config/partners-file.ts';
import type { Cli } from '../../cli.ts';
import { table } from '../../demo/table.ts';
import { FAULT_WORDS, trustOf } from '../../trust.ts';
import { editPartner, type Pem, pemText, unknownPartner, type WrittenPartner } from './edit-partners.ts';
import { readCertificate } from './read-certificate.ts';

export interface KeysWords {
  enc?: string;
  encH?: string;
  remove?: string;
  client?: string;
}

type Judge = { trust: TrustStore; now: Date };

/** Shows the certificates once changed, if anything is to be changed. */
export async function partnerKeys(cli: Cli, id: string, words: KeysWords): Promise<void> {
  const configuration = await cli.configuration();
  const judge = { trust: await trustOf(configuration), now: cli.now() };
  const changes = Object.keys(words).length > 0;
  if (changes) change(configuration, id, words, judge);
  const partner = readPartners(configuration.partnersFile).partners.find((one) => one.id === id);
  if (partner === undefined) throw unknownPartner(id);
  show(cli, partner, judge);
  if (!changes) return;
  cli.out(
    'Un courtier en marche suit dans quelques secondes. Le partenaire garde ses anciennes clés privées',
  );
  cli.out('tant que des envois scellés pour elles peuvent lui parvenir.');
}

function change({ partnersFile }: Configuration, id: string, words: KeysWords, judge: Judge): void {
  const { enc, encH, remove, client } = words;
  editPartner(partnersFile, id, (partner) => {
    let { keys } = partner;
    if (enc !== undefined) keys = withNewest(keys, 'enc', enc);
    if (encH !== undefined) keys = withNewest(keys, 'enc-h', encH);
    if (remove !== undefined) keys = without(keys, remove);
    const identity =
      client === undefined ? {} : { client: clientIdentity(readCertificate(client, 'client', judge)) };
    return { ...partner, keys, ...identity };
  });

  function withNewest(keys: WrittenPartner['keys'], audience: Audience, file: string) {
    const added = readCertificate(file, 'encryption', judge);
    const others = (keys[audience] ?? []).filter((pem) => kidOf(pem) !== thumbprint(added));
    return { ...keys, [audience]: [added.toString(), ...others] };
  }

  function without(keys: WrittenPartner['keys'], kid: string): WrittenPartner['keys'] {
    const kept = Object.entries(keys).map(
      ([audience, pems]) => [audience, pems.filter((pem) => kidOf(pem) !== kid)] as const,
    );
    if (kept.every(([audience, pems]) => pems.length === keys[audience as Audience]?.length))
      throw new BrokerError('not-found', { detail: `${id} n’a aucun certificat d’empreinte ${kid}.` });
    return Object.fromEntries(kept.filter(([, pems]) => pems.length > 0));
  }

  function kidOf(pem: Pem): string {
    return thumbprint(new X509Certificate(pemText(pem, partnersFile)));
  }
}

const HEADINGS = ['usage', 'empreinte (kid)', 'du', 'au', 'état'];

function show(cli: Cli, { id, client, keys }: Partner, { trust, now }: Judge): void {
  cli.out(client === undefined ? `${id} : révoqué, ne peut pas se connecter` : `${id} : ${client.subject}`);
  const rows = (['enc', 'enc-h'] as const).flatMap((audience) => {
    let taken = false;
    return (keys[audience] ?? []).map((pem) => {
      const certificate = new X509Certificate(pem);
      const fault = trust.fault(certificate, 'encryption', now);
      const inUse = fault === undefined && !taken;
      taken ||= inUse;
      const state = fault === undefined ? (inUse ? 'en usage' : 'en réserve') : FAULT_WORDS[fault];
      const { validFromDate, validToDate } = certificate;
      return [audience, thumbprint(certificate), day(validFromDate), day(validToDate), state];
    });
  });
  cli.out(rows.length === 0 ? 'aucun certificat de chiffrement' : table(HEADINGS, rows));
}

const day = (date: Date) => date.toISOString().slice(0, 10);
