/**
 * Traces as XML for the partner that asks: VerificationVI of each vector, TraceApplicative of each message. The field-level
 * schema of the standard was not available: names are those of our own profile, and no conformity is claimed.
 */
import type { XmlTree } from '#transports';
import type { Trace } from '../messages/messages.service.ts';
import type { StoredTrace } from './traces.ts';

const SIDES: Readonly<Record<StoredTrace['kind'], string | undefined>> = {
  'interops.vector-made': 'client',
  'interops.vector-verified': 'fournisseur',
  'interops.vector-refused': 'fournisseur',
  'interops.portal-entered': 'fournisseur',
  'interops.applied': undefined,
  'interops.suspect-reported': undefined,
};

export function tracesTree(
  traces: readonly StoredTrace[],
  stories: readonly Trace[],
  attributes: Readonly<Record<string, string>>,
): XmlTree {
  return [
    'io:ConsulterTracesReponse',
    [
      ...traces.flatMap((trace) => verification(trace) ?? []),
      ...stories.map((story) => application(story, traces)),
    ],
    attributes,
  ];
}

function verification({ at, details, entry, kind }: StoredTrace): [XmlTree] | undefined {
  const side = SIDES[kind];
  if (side === undefined) return undefined;
  const { fault, issuer, key, operation, pagm, reason, step, vector, verdict } = details;
  const text = (value: string | number | undefined) => (value === undefined ? undefined : String(value));
  return [
    [
      'io:VerificationVI',
      [
        element('Vecteur', text(vector)),
        element('Emetteur', text(issuer)),
        element('Pagm', text(pagm)),
        element('Operation', text(operation)),
        element('CleReconciliation', text(key)),
        ['io:Verdict', verdict === 'refused' ? 'refuse' : verdict === undefined ? 'emis' : 'accepte'],
        element('Etape', text(step)),
        element('Faute', text(fault)),
        element('Motif', text(reason)),
      ],
      { id: entry, instant: at, cote: side },
    ],
  ];
}

function application(story: Trace, traces: readonly StoredTrace[]): XmlTree {
  const own = traces.find(({ messageId }) => messageId === story.id);
  return [
    'io:TraceApplicative',
    story.steps.map(({ at, id, kind }): XmlTree => ['io:Etape', '', { id, instant: at, nature: kind }]),
    {
      message: story.id,
      flux: story.flow,
      cleReconciliation: String(own?.details['key'] ?? story.id),
    },
  ];
}

function element(name: string, value: string | undefined): XmlTree | undefined {
  return value === undefined || value === '' ? undefined : [`io:${name}`, value];
}
