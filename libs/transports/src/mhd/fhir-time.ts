const TS = /^(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2})(\d{2})?(?:\.\d+)?)?([+-]\d{2})?(\d{2})?$/;

/** HL7 TS as FHIR dateTime: `20260512120000+0200` → `2026-05-12T12:00:00+02:00`. undefined when it is none. */
export function fhirTime(ts: string): string | undefined {
  const [, year, month, day, hour, minute, second = '00', zone, rest = '00'] = TS.exec(ts) ?? [];
  if (year === undefined) return undefined;
  const date = [year, month, day].filter((one) => one !== undefined).join('-');
  if (hour === undefined) return date;
  // FHIR takes no time without its zone
  return zone === undefined ? date : `${date}T${hour}:${minute}:${second}${zone}:${rest}`;
}
