import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrokerError } from '#core';
import type { Configuration } from '../../../../broker/src/config/environment.ts';
import type { Cli } from '../../cli.ts';
import { pkiPaths } from '../../pki/pki-paths.ts';
import { editPartner } from './edit-partners.ts';

/** @throws BrokerError `not-found`, `state.conflict` when it is revoked already */
export async function revokePartner(cli: Cli, id: string, certificate: string | undefined): Promise<void> {
  const configuration = await cli.configuration();
  editPartner(configuration.partnersFile, id, ({ client, ...partner }) => {
    if (client === undefined)
      throw new BrokerError('state.conflict', { detail: `Le partenaire ${id} est déjà révoqué.` });
    return partner;
  });
  cli.out(`${id} ne peut plus se connecter : un courtier en marche suit dans quelques secondes.`);
  cli.out('Ce qui lui est adressé reste scellé pour ses clés de chiffrement.');
  const file = certificate ?? knownCertificate(configuration, id);
  if (file !== undefined && isOfTestAuthority(configuration)) {
    const { revokeCertificate } = await import('../../pki/make-pki.ts');
    await revokeCertificate(join(configuration.home, 'pki'), readFileSync(file, 'utf8'), cli.now());
    cli.out('Son certificat est sur la liste de révocation de l’autorité de test, relue chaque minute.');
  } else cli.out('Faites aussi révoquer son certificat par l’autorité qui l’a délivré.');
}

function knownCertificate({ home }: Configuration, id: string): string | undefined {
  const { crt } = pkiPaths(join(home, 'pki')).partner(id).client;
  return existsSync(crt) ? crt : undefined;
}

/** Whether the list that the broker reads is the one that this machine's test authority signs. */
function isOfTestAuthority({ home, tls }: Configuration): boolean {
  const { ca } = pkiPaths(join(home, 'pki'));
  return existsSync(ca.key) && tls.revocations === ca.crl;
}
