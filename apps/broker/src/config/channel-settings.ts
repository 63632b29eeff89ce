/** Settings of the channels and of the directories outside Relais: the last of the table. */
import 'reflect-metadata';
import { IsOptional, IsString, Matches } from 'class-validator';
import { Seconds, Setting, Url } from './setting.ts';

/** of RELAIS_LDAP_ATTRIBUTES */
export const LDAP_ATTRIBUTE_NAMES = ['name', 'finess', 'siret', 'sector', 'mailbox', 'certificate'] as const;
const PAIR = `(${LDAP_ATTRIBUTE_NAMES.join('|')})=[A-Za-z][A-Za-z0-9;-]*`;
const LDAP_ATTRIBUTES_FORM = new RegExp(`^${PAIR}(,${PAIR})*$`);

export class ChannelSettings {
  @Setting('Time between two looks for acknowledgements in the SFTP folders of partners.', {
    section: 'Channels',
    default: '30',
  })
  @Seconds(0.05, 86_400)
  RELAIS_SFTP_LOOK_SECONDS!: number;

  @Setting(
    'Annuaire Santé, FHIR v2, e.g. https://gateway.api.esante.gouv.fr/fhir/v2; without a directory, services are looked for among the partners.',
    { section: 'Directories' },
  )
  @IsOptional()
  @Url(['http', 'https'])
  RELAIS_ANNUAIRE_URL?: string;

  @Setting('Its key (ESANTE-API-KEY).', { secret: true })
  @IsOptional()
  @Matches(/^[\x21-\x7e]+$/, { message: 'must be printable, without spaces' })
  RELAIS_ANNUAIRE_KEY?: string;

  @Setting('A directory by LDAP, ldaps://… or ldap://… (then with StartTLS, but on loopback).')
  @IsOptional()
  @IsString()
  RELAIS_LDAP_URL?: string;

  @Setting('Where it is searched, e.g. ou=structures,dc=example.')
  @IsOptional()
  @IsString()
  RELAIS_LDAP_BASE?: string;

  @Setting('Who asks it, a DN; without it nobody in particular.')
  @IsOptional()
  @IsString()
  RELAIS_LDAP_BIND_DN?: string;

  @Setting('Password of RELAIS_LDAP_BIND_DN.', { secret: true })
  @IsOptional()
  @IsString()
  RELAIS_LDAP_PASSWORD?: string;

  @Setting("Authorities of the LDAP server's certificate, PEM; default those of the system.")
  @IsOptional()
  @IsString()
  RELAIS_LDAP_CA?: string;

  @Setting(
    'Its attributes where they are others, any of name, finess, siret, sector, mailbox, certificate, e.g. name=cn,mailbox=mailMSSante.',
  )
  @IsOptional()
  @Matches(LDAP_ATTRIBUTES_FORM, { message: 'must be name=attribute separated by commas' })
  RELAIS_LDAP_ATTRIBUTES?: string;
}
