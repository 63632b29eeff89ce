/** The types by which the portal reads the API are made from the OpenAPI document: a change of one shows in the other. */
import { join } from 'node:path';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { expect, it } from 'vitest';
import { flows } from '#contracts';
import { controllers } from '../../apps/broker/src/controllers.ts';
import { openApiDocument } from '../../apps/broker/src/openapi/document.ts';

/** what the portal's pages show */
const SHOWN = [
  ...['DmstRequest', 'ScannedIdentity', 'insi.result.v1', 'ServiceCard', 'Problem', 'HeldIdentity'],
  ...['HeldDecision', 'HeldStatistics'],
  ...['Overview', 'SupervisedDelivery', 'SupervisedMessage', 'ReplayReport'],
  ...['OwnPublication', 'OwnView', 'OwnAccesses', 'OwnCopyRequest'],
  ...['EmployerCard', 'EmployerPublication', 'DeclarationCheck', 'OwnDeclaration'],
  ...['Delegation', 'FlowCard', 'FlowDetail', 'CheckVerdict'],
  ...['Access', 'Purge', 'Seal', 'Retention', 'PartnerOverview', 'PartnerAgreement'],
  ...['IncomingSummary', 'IncomingRequest', 'Candidate', 'Deposited'],
];

it('the portal reads the API by types made from it', async () => {
  const ports = { partners: 8443, people: 8444, health: 9464 };
  const { components } = openApiDocument({ controllers, flows, samples: {}, ports, peopleTls: true });
  const { schemas } = components;
  const missing = SHOWN.filter((name) => schemas[name] === undefined);
  expect(missing).toEqual([]);
  const root = {
    title: 'Api',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(SHOWN.map((name) => [name, { $ref: `#/components/schemas/${name}` }])),
    required: SHOWN,
    components: { schemas },
  } as unknown as JSONSchema;
  const types = await compile(root, 'Api', {
    bannerComment:
      '/** Made from the OpenAPI document (test/house/portal-types.spec.ts -u): not to be edited. */',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    format: true,
    style: { singleQuote: true, printWidth: 110 },
  });
  await expect(types).toMatchFileSnapshot(join(import.meta.dirname, '../../apps/portal/src/api/schemas.ts'));
});
