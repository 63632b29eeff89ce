/** PSC's userinfo claims (facts §4.6) for fictional professionals. */

/** Sector of activity of occupational health services, 1.2.250.1.71.4.2.4 */
const SPST_SECTOR = 'SA66';

export interface Activity {
  siret: string;
  name: string;
  /** default SA66, occupational health */
  sector?: string;
}

export interface Exercise {
  /** 10 physician, 60 nurse */
  profession: string;
  /** C civil, M military, E student */
  category?: string;
  /** SM25 or C41: occupational medicine */
  expertise?: { type: string; code: string };
  activities: readonly Activity[];
}

export interface Professional {
  /** 11 digits */
  rpps: string;
  givenName: string;
  familyName: string;
  exercises: readonly Exercise[];
}

/** PSC names a person by a text that nobody else may take apart. */
export function pscSubject(rpps: string): string {
  return `f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:8${rpps}`;
}

export function pscClaims(professional: Professional): Record<string, unknown> {
  const { rpps, givenName, familyName, exercises } = professional;
  const first = exercises[0];
  const place = first?.activities[0];
  return {
    SubjectNameID: `8${rpps}`,
    preferred_username: `8${rpps}`,
    given_name: givenName,
    family_name: familyName,
    SubjectRole: exercises.map(({ profession }) => `${profession}^1.2.250.1.213.1.1.5.5`),
    Secteur_Activite: `${place?.sector ?? SPST_SECTOR}^1.2.250.1.71.4.2.4`,
    SubjectOrganization: place?.name ?? '',
    SubjectOrganizationID: place === undefined ? '' : `3${place.siret}`,
    Palier_Authentification: 'APPPRIP3^1.2.250.1.213.1.5.1.1.1',
    PSI_Locale: '1.2.250.1.213.1.3.1.1',
    otherIds: [{ identifiant: rpps, origine: 'RPPS', qualite: 1 }],
    SubjectRefPro: {
      codeCivilite: '',
      exercices: exercises.map((exercise) => ({
        codeProfession: exercise.profession,
        codeCategorieProfessionnelle: exercise.category ?? 'C',
        nomDexercice: familyName,
        prenomDexercice: givenName,
        codeTypeSavoirFaire: exercise.expertise?.type ?? '',
        codeSavoirFaire: exercise.expertise?.code ?? '',
        activities: exercise.activities.map((activity) => ({
          codeModeExercice: 'S',
          codeSecteurDactivite: activity.sector ?? SPST_SECTOR,
          codeRole: '',
          numeroSiretSite: activity.siret,
          numeroFinessSite: '',
          identifiantTechniqueDeLaStructure: `R${activity.siret}`,
          raisonSocialeSite: activity.name,
        })),
      })),
    },
  };
}

/** An occupational physician: profession 10 with the specialty SM25. */
export function occupationalPhysician(
  person: Omit<Professional, 'exercises'>,
  ...activities: readonly Activity[]
): Professional {
  return {
    ...person,
    exercises: [{ profession: '10', expertise: { type: 'S', code: 'SM25' }, activities }],
  };
}

/** Claims of a staff issuer: a name, and the role that the service gives. */
export function staffClaims(person: {
  givenName: string;
  familyName: string;
  role: string;
}): Record<string, unknown> {
  return { given_name: person.givenName, family_name: person.familyName, relais_role: person.role };
}
