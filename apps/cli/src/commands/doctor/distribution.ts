import type { ProcessRole } from '../../../../broker/src/config/settings.ts';
import { PROCESS_ROLES } from '../../../../broker/src/config/settings.ts';
import { attention, type Check, erreur } from './check.ts';
import type { Examined } from './examined.ts';

/** What would not be done by anybody, or would pass in clear between machines. */
export function distributionChecks({ configuration }: Examined): Check[] {
  const { amqpUrl, databaseUrl, logLevel, roles } = configuration;
  return [
    ...roleChecks(roles, databaseUrl === undefined),
    ...linkChecks('base (DATABASE_URL)', databaseUrl?.reveal(), 'ajoutez ?sslmode=verify-full'),
    ...linkChecks('file (AMQP_URL)', amqpUrl?.reveal(), 'prenez amqps://'),
    ...(logLevel === 'debug'
      ? [attention('journal technique', 'au niveau debug', 'réglez RELAIS_LOG_LEVEL à info')]
      : []),
  ];
}

const DUTIES: Readonly<Record<ProcessRole, string>> = {
  intake: 'rien n’est reçu',
  prepare: 'rien n’est préparé',
  deliver: 'rien n’est remis',
  portal: 'ni personnes ni exploitants ne sont servis',
  keeper: 'ni échéances, ni sceaux du journal, ni purge',
};

/** On SQLite nobody else can: the file is this process'. */
function roleChecks(roles: readonly ProcessRole[], alone: boolean): Check[] {
  return PROCESS_ROLES.filter((role) => !roles.includes(role)).map((role) =>
    alone
      ? erreur('rôles', `sans ${role}, ${DUTIES[role]}`, 'ajoutez-le à RELAIS_ROLES, ou passez à PostgreSQL')
      : attention('rôles', `sans ${role} ici : ${DUTIES[role]}`, 'vérifiez qu’un autre processus l’a'),
  );
}

/** A password, and rows, on a network that is not this machine's own. */
function linkChecks(subject: string, text: string | undefined, todo: string): Check[] {
  const url = URL.parse(text ?? '');
  if (url === null || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])?$/.test(url.hostname)) return [];
  const mode = url.searchParams.get('sslmode') ?? (url.searchParams.get('ssl') === 'true' ? 'require' : '');
  if (url.protocol === 'amqps:' || ['verify-full', 'verify-ca', 'require'].includes(mode)) return [];
  return [erreur(subject, `sans TLS vers ${url.hostname}`, todo)];
}
