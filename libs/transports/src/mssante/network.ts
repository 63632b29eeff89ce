/** Where a mail server may stand: what a name in somebody's answer points to is looked at before anything connects. */
import { lookup } from 'node:dns/promises';
import { BlockList, connect, isIP, isIPv6, type Socket } from 'node:net';
import { BrokerError } from '#core';

export interface NetworkRules {
  /** addresses of a host; default the system's own resolver */
  resolve?(host: string): Promise<readonly string[]>;
  /** this machine may be reached too: for a demonstration or a test, never in production */
  loopback: boolean;
  connectTimeoutMs: number;
}

const LOOPBACK = blockList('127.0.0.0/8', '::1/128');

/** IANA special-purpose registries: nothing of the trust space stands there. */
const SPECIAL = blockList(
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
);
const UNICAST_IPV6 = blockList('2000::/3');
/** of it, what wraps other addresses or serves documentation */
const SPECIAL_IPV6 = blockList('2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20');

export class MailNetwork {
  constructor(private readonly rules: NetworkRules) {}

  /**
   * An address to connect to, whatever the name answers when it is asked again. All of a host's addresses must be fit:
   * one that is not tells of a name that nobody should follow.
   *
   * @throws BrokerError `mail.host-refused`, `transport.unreachable`
   */
  async addressOf(host: string): Promise<string> {
    const addresses = isIP(host) === 0 ? await this.#resolve(host) : [host];
    const [first] = addresses;
    if (first === undefined) throw new BrokerError('transport.unreachable');
    if (addresses.every((address) => this.#mayStand(address))) return first;
    throw new BrokerError('mail.host-refused');
  }

  /** A TCP connection to one of its addresses. @throws as `addressOf` */
  async open(host: string, port: number, signal: AbortSignal): Promise<Socket> {
    const address = await this.addressOf(host);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: address, port, signal });
      const fail = (cause: Error) => {
        socket.destroy();
        reject(new BrokerError('transport.unreachable', { cause }));
      };
      socket.setTimeout(this.rules.connectTimeoutMs, () => fail(new Error('connect timeout')));
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.setTimeout(0);
        socket.removeAllListeners('timeout');
        socket.removeListener('error', fail);
        resolve(socket);
      });
    });
  }

  #mayStand(address: string): boolean {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (LOOPBACK.check(address, family)) return this.rules.loopback;
    if (SPECIAL.check(address, family)) return false;
    return family === 'ipv4' || (UNICAST_IPV6.check(address, family) && !SPECIAL_IPV6.check(address, family));
  }

  async #resolve(host: string): Promise<readonly string[]> {
    if (this.rules.resolve !== undefined) return this.rules.resolve(host);
    try {
      return (await lookup(host, { all: true })).map(({ address }) => address);
    } catch (cause) {
      throw new BrokerError('transport.unreachable', { cause });
    }
  }
}

function blockList(...networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
