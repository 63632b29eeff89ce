/** The file of Zoé ADRUN as service A's own software prints it: lines of the contract's full sample. */
import { readFileSync } from 'node:fs';

const SAMPLE = 'contracts/dmst-portability/samples/valid/response.full.json';

interface Sample {
  closure: { lastVisitAt: string };
  employments: { jobTitle: string; from: string; to?: string }[];
  visits: { date: string; type: string; professional: { name: string } }[];
}

export function dossierByMail(): { lastVisit: string; title: string; lines: string[] } {
  const { closure, employments, visits } = JSON.parse(readFileSync(SAMPLE, 'utf8')) as Sample;
  return {
    lastVisit: closure.lastVisitAt,
    title: 'Dossier médical en santé au travail (logiciel fictif de SPSTI A)',
    lines: [
      'Emplois',
      ...employments.map(
        ({ jobTitle, from, to }) => `  ${jobTitle}, depuis le ${from}${to === undefined ? '' : `, au ${to}`}`,
      ),
      'Visites',
      ...visits.map(({ date, type, professional }) => `  ${date}  ${type}  ${professional.name}`),
    ],
  };
}
