/** What an operator may read of channels and mandates: member by member. What is not named here is not shown. */
import type { ChannelName, Partner } from '#core';

export type Shown = Readonly<Record<string, string>>;

export interface ShownChannel {
  channel: ChannelName;
  settings: Shown;
}

export interface ShownMandate {
  mandate: 'insi' | 'mailbox' | 'seal' | 'dmp';
  from: string;
  to: string;
  settings: Shown;
}

export function shownChannels({ channels = {} }: Partner): ShownChannel[] {
  const { mssante, sftp, mhd, 'xds-b': dmp, 'interops-soap': interops } = channels;
  const all: [ChannelName, Record<string, string | undefined> | undefined][] = [
    [
      'mssante',
      mssante && {
        address: mssante.address,
        readers: mssante.readers ?? 'service',
        cipher: mssante.sealing?.cipher,
      },
    ],
    ['xds-b', dmp && { host: hostOf(dmp.endpoint), vihfVersion: dmp.vihfVersion, sector: dmp.sector }],
    ['mhd', mhd && { host: hostOf(mhd.endpoint), transaction: mhd.transaction }],
    [
      'interops-soap',
      interops && {
        label: interops.label,
        version: interops.version,
        status: interops.status,
        legalReference: interops.legalReference,
        from: interops.from,
        to: interops.to,
        direction: interops.direction,
        pagm: interops.pagm.map(({ name }) => name).join(', '),
        host: interops.client && hostOf(interops.client.endpoint),
        sha1Until: interops.exceptions?.sha1Until,
        oaepSha1Until: interops.exceptions?.oaepSha1Until,
      },
    ],
    [
      'sftp',
      sftp && {
        host: `${sftp.host}:${sftp.port}`,
        hostKeys: sftp.hostKeys.map((key) => `SHA256:${key}`).join(', '),
        folder: sftp.folder,
        acknowledgements: sftp.acknowledgements,
      },
    ],
  ];
  return all.flatMap(([channel, settings]) =>
    settings === undefined ? [] : [{ channel, settings: told(settings) }],
  );
}

export function shownMandates({ mandate: { insi, mailbox, seal, dmp } = {} }: Partner): ShownMandate[] {
  const of = (
    name: ShownMandate['mandate'],
    held: { from: string; to: string } | undefined,
    settings: Record<string, string | undefined>,
  ): ShownMandate[] =>
    held === undefined ? [] : [{ mandate: name, from: held.from, to: held.to, settings: told(settings) }];
  return [
    ...of('insi', insi, {
      scope: [insi?.auto && 'auto', insi?.manu && 'manu'].filter(Boolean).join(', '),
      emitter: insi?.emitter,
    }),
    ...of('mailbox', mailbox, {
      address: mailbox?.address,
      submission: mailbox?.operator && serverOf(mailbox.operator.submission),
      imap: mailbox?.operator && serverOf(mailbox.operator.imap),
    }),
    ...of('seal', seal, { scope: seal?.scope.join(', ') }),
    ...of('dmp', dmp, { structureId: dmp?.structureId }),
  ];
}

/** Host and port: a path or a query could hold a token. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

function serverOf({ host, port }: { host: string; port: number }): string {
  return `${host}:${port}`;
}

function told(settings: Record<string, string | undefined>): Shown {
  return Object.fromEntries(
    Object.entries(settings).filter((one): one is [string, string] => one[1] !== undefined && one[1] !== ''),
  );
}
