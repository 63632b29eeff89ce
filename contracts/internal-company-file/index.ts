import { acknowledgementSchema, type Flow, type LinePart, refusedBy, visiblePart } from '#core';
import { checkCompanyFile } from './checks.ts';
import { contract } from './contract.ts';
import companyFile from './schemas/company-file.json' with { type: 'json' };

const CODES = ['version-older', 'line-invalid', 'establishment-unknown', 'establishment-repeated'];

export const flow: Flow = {
  contract,
  schemas: { 'company-file': companyFile, acknowledgement: acknowledgementSchema(CODES) },
  hooks: {
    'company-file': {
      check: ({ json }) => checkCompanyFile(json),
      divide: ({ json }) => ({
        parts: byRole(json).map(({ audience, json: visible }) => ({
          audience,
          mediaType: 'application/json',
          bytes: Buffer.from(JSON.stringify(visible)),
        })),
        removed: 0,
      }),
    },
    'company-file-batch': {
      checkLine: checkCompanyFile,
      divideLine: (json) => ({ parts: byRole(json), removed: 0 }),
    },
    acknowledgement: { publicRefusal: refusedBy },
  },
};

/** Part A for everybody, the whole for health professionals: only where it holds more than part A. */
function byRole(json: unknown): LinePart[] {
  const visible = visiblePart(companyFile, json);
  const { workers, health } = json as { workers?: unknown; health?: unknown };
  const whole: LinePart[] =
    workers === undefined && health === undefined ? [] : [{ audience: 'enc-h', json }];
  return [{ audience: 'enc', json: visible }, ...whole];
}
