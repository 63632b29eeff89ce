import { readFileSync } from 'node:fs';
import type { Clock, Directory, HealthDirectory } from '#core';
import { AnnuaireSante, DirectoryCopies, LDAP_ATTRIBUTES, LdapDirectory } from '#identity';
import type { Configuration } from '../../config/environment.ts';
import { KnownServices } from '../../directory/known-services.ts';
import type { Log } from '../../engine/log.ts';
import { CLOCK, CONFIGURATION, HEALTH_DIRECTORIES, LOG, DIRECTORY as PARTNERS } from '../../tokens.ts';
import type { ChannelWiring } from './wiring.ts';

const PURGE_MS = 3_600_000;

export const DIRECTORY: ChannelWiring = {
  providers: [
    {
      provide: HEALTH_DIRECTORIES,
      inject: [CONFIGURATION, CLOCK],
      useFactory: (configuration: Configuration, clock: Clock): HealthDirectory[] =>
        directoriesOf(configuration, clock).map((directory) => {
          const copies = new DirectoryCopies(directory, { clock });
          setInterval(() => copies.purge(), PURGE_MS).unref();
          return copies;
        }),
    },
    {
      provide: KnownServices,
      inject: [PARTNERS, HEALTH_DIRECTORIES, LOG],
      useFactory: (directory: Directory, directories: readonly HealthDirectory[], log: Log) =>
        new KnownServices({ directory, directories, log }),
    },
  ],
  transports: [],
  readers: [],
};

function directoriesOf({ annuaire, ldap }: Configuration, clock: Clock): HealthDirectory[] {
  const directories: HealthDirectory[] = [];
  if (annuaire !== undefined)
    directories.push(new AnnuaireSante({ url: annuaire.url, key: annuaire.key.reveal(), clock }));
  if (ldap !== undefined) {
    const { url, base, startTls, bind, authorities, attributes } = ldap;
    directories.push(
      new LdapDirectory({
        ...{ url, base, startTls, clock },
        attributes: { ...LDAP_ATTRIBUTES, ...attributes },
        ...(bind === undefined ? {} : { bind: { dn: bind.dn, password: bind.password.reveal() } }),
        ...(authorities === undefined ? {} : { ca: readFileSync(authorities, 'utf8') }),
      }),
    );
  }
  return directories;
}
