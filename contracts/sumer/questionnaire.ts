/** A sheet as the code reads it: a mirror of schemas/questionnaire.json, which is what decides. */
export interface Questionnaire {
  survey: string;
  sheetId: string;
  /** YYYY-MM */
  month: string;
  information: { informedAt: string; recordedBy: string };
  establishment: {
    status: string;
    nafCode: string;
    nafVersion: string;
    headcountBand?: string;
    region: string;
    preventionBodies: string[];
    riskAssessment?: string;
  };
  employee: {
    sex: string;
    ageBand: string;
    pcsCode: string;
    pcsVersion: string;
    contractType: string;
    workTime?: string;
    tenureBand: string;
    hours: string[];
  };
  exposures: SheetExposure[];
  selfQuestionnaire?: { item: string; level: number }[];
}

export interface SheetExposure {
  domain: string;
  agent: string;
  durationClass: string;
  intensityClass: number;
  collectiveProtection: string[];
  ppe: string[];
  noProtection: boolean;
  opinion?: string;
}
