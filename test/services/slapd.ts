/** OpenLDAP's server on loopback, from a generated configuration, with entries of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from './free-ports.ts';

const SCHEMAS = '/etc/ldap/schema';
export const LDAP_BASE = 'dc=annuaire,dc=test';

export interface Slapd {
  /** ldap://, in clear until StartTLS */
  url: string;
  /** ldaps://, by the name of its certificate */
  secureUrl: string;
  admin: { dn: string; password: string };
  /** at once */
  kill(): Promise<void>;
  end(): Promise<void>;
}

export interface SlapdOptions {
  /** LDIF of what it holds under LDAP_BASE */
  ldif: string;
  /** PEM files */
  tls: { certificate: string; key: string; ca: string };
  /** lines of slapd.conf: limits, security */
  first?: readonly string[];
}

export async function startSlapd({ ldif, tls, first = [] }: SlapdOptions): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-slapd-'));
  mkdirSync(join(folder, 'data'));
  const [port = 0, securePort = 0] = await freePorts(2);
  const admin = { dn: `cn=relais,${LDAP_BASE}`, password: 'fictif' };
  const config = join(folder, 'slapd.conf');
  writeFileSync(
    config,
    [
      ...['core', 'cosine', 'inetorgperson'].map((name) => `include ${SCHEMAS}/${name}.schema`),
      'modulepath /usr/lib/ldap',
      'moduleload back_mdb',
      `pidfile ${join(folder, 'pid')}`,
      `TLSCertificateFile ${tls.certificate}`,
      `TLSCertificateKeyFile ${tls.key}`,
      `TLSCACertificateFile ${tls.ca}`,
      ...first,
      'database mdb',
      'maxsize 16777216',
      `suffix "${LDAP_BASE}"`,
      `rootdn "${admin.dn}"`,
      `rootpw ${admin.password}`,
      `directory ${join(folder, 'data')}`,
      '',
    ].join('\n'),
  );
  execFileSync('/usr/sbin/slapadd', ['-f', config], { input: ldif, stdio: ['pipe', 'ignore', 'pipe'] });
  const log = openSync(join(folder, 'log'), 'a');
  const url = `ldap://127.0.0.1:${port}`;
  const secureUrl = `ldaps://localhost:${securePort}`;
  // `-d 0`: in the foreground
  const words = ['-f', config, '-h', `${url} ldaps://127.0.0.1:${securePort}`, '-d', '0'];
  const child = spawn('/usr/sbin/slapd', words, { stdio: ['ignore', log, log] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (const end = Date.now() + 30_000; !(await isOpen(port)); await pause(50))
    if (Date.now() > end)
      throw new Error(`slapd did not start: ${readFileSync(join(folder, 'log'), 'utf8')}`);
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    url,
    secureUrl,
    admin,
    kill,
    end: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ port, host: '127.0.0.1' });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
