/** A service's secretariat takes an employer's declaration, line by line. */
import { type Desk, strictReader } from '../partner/index.ts';

interface Line {
  kind: 'ENTREE' | 'SORTIE' | 'POSTE' | 'RISQUE' | 'AT';
  worker?: { birthName: string; birthDate: string };
  from?: string;
  to?: string;
}

/** Workers whom the simulated services follow: `<birth name> <birth date>`. */
const FOLLOWED = new Set(['ADRUN 1975-12-31']);
const DAY_MS = 86_400_000;
/** Further from the declaration, a day is a slip of the pen. */
const FURTHEST_DAYS = 366;

export const employerDeclarationDesk: Desk = async (delivery, client) => {
  const json = delivery.json();
  const problems = (await strictReader(client, 'employer-portal', 'declaration'))(json);
  if (problems.length > 0) {
    return { acknowledgement: { outcome: 'refused', items: [{ code: 'content.unreadable' }] } };
  }
  const { declaredOn, lines } = json as { declaredOn: string; lines: Line[] };
  const items = lines.map((line, n) => ({
    line: n + 1,
    pointer: `/lines/${n}`,
    code: verdictOn(line, declaredOn),
  }));
  const accepted = items.filter(({ code }) => code === 'line.accepted').length;
  const some = accepted === 0 ? 'refused' : 'partial';
  return {
    outcome: { outcome: 'filed' },
    acknowledgement: {
      outcome: accepted === items.length ? 'accepted' : some,
      counts: { received: items.length, accepted, refused: items.length - accepted },
      items,
    },
  };
};

function verdictOn({ kind, worker, from, to }: Line, declaredOn: string): string {
  const days = Math.abs(Date.parse(from ?? to ?? declaredOn) - Date.parse(declaredOn)) / DAY_MS;
  if (days > FURTHEST_DAYS) return 'date.unlikely';
  if (worker === undefined) return 'line.accepted';
  const followed = FOLLOWED.has(`${worker.birthName.toUpperCase()} ${worker.birthDate}`);
  if (kind === 'ENTREE') return followed ? 'worker.already-known' : 'line.accepted';
  return followed ? 'line.accepted' : 'worker.unknown';
}
