/** SOAP 1.2 faults: what the other side said of our call, and how we say it of theirs. */
import type { XmlElement } from 'libxml2-wasm';
import { BrokerError, type Finding } from '#core';
import type { XmlTree } from '../soap/write-xml.ts';
import { plainEnvelope } from './envelope.ts';
import { NS, VECTOR_FAULTS, type VectorFault } from './names.ts';
import { is, only, optional, textOf } from './read-xml.ts';

export interface FaultFacts {
  /** whose fault it is: whoever sent must change something, or may try again */
  by: 'Sender' | 'Receiver';
  /** of a vector */
  subcode?: VectorFault;
  code: string;
  /** French */
  reason: string;
  /** occurrence id, also in the journal */
  instance: string;
  /** of the content, for a sender that is known: pointers and codes, never a value */
  findings?: readonly Finding[];
}

export function faultEnvelope({ by, code, findings = [], instance, reason, subcode }: FaultFacts): string {
  const tree: XmlTree = [
    'soap:Fault',
    [
      [
        'soap:Code',
        [
          ['soap:Value', `soap:${by}`],
          subcode === undefined ? undefined : ['soap:Subcode', [['soap:Value', subcode]]],
        ],
      ],
      ['soap:Reason', [['soap:Text', reason, { 'xml:lang': 'fr' }]]],
      [
        'soap:Detail',
        [
          [
            'io:Erreur',
            findings.map(
              ({ pointer, code: rule }) => ['io:Ecart', '', { pointeur: pointer, code: rule }] as const,
            ),
            { code, instance },
          ],
        ],
      ],
    ],
  ];
  return plainEnvelope(tree);
}

/** Standard codes that a partner may give, and what follows of each for a delivery of ours. */
const NEXT: Readonly<Record<string, 'retry' | 'stop'>> = {
  // drawn anew at the next attempt; a clock that is wrong is set right some day
  InvalidVI: 'retry',
  FailedCheck: 'stop',
  SecurityTokenUnavailable: 'stop',
  InvalidSecurityToken: 'stop',
  InvalidIssuer: 'stop',
  InvalidService: 'stop',
  InvalidAuthLevel: 'stop',
  InvalidPagm: 'stop',
  DroitsInsuffisants: 'stop',
};

/** The fault in Body as what must happen now; undefined when there is none. Its words may repeat content: never kept. */
export function faultIn(body: XmlElement): BrokerError | undefined {
  if (!is(body, NS.soap, 'Fault')) return undefined;
  const code = only(body, NS.soap, 'Code');
  const subcode = optional(code, NS.soap, 'Subcode');
  const told = subcode === undefined ? '' : local(textOf(only(subcode, NS.soap, 'Value')));
  const by = local(textOf(only(code, NS.soap, 'Value')));
  const known = Object.hasOwn(NEXT, told) ? NEXT[told] : undefined;
  if (known !== undefined)
    return new BrokerError('transport.refused', { next: known, detail: told, facts: { fault: told } });
  if (by === 'Receiver') return new BrokerError('transport.unreachable', { detail: 'Receiver' });
  // the partner says that the content itself must change
  return new BrokerError('transport.refused', { next: 'reject', detail: 'Sender' });
}

function local(qname: string): string {
  const name = qname.trim().replace(/^[^:]*:/, '');
  return /^[A-Za-z]{1,40}$/.test(name) ? name : '';
}

export function isVectorFault(text: string): text is VectorFault {
  return VECTOR_FAULTS.some((one) => one === text);
}
