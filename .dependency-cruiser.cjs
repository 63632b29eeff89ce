// The star of docs/adr/0003: everything may import core; core imports nothing of ours; no library
// imports a sibling; a flow imports only core; only the broker, the cli and the tests know them all.
const libs = [
  'identity',
  'documents',
  'confidentiality',
  'protection',
  'transports',
  'queue',
  'client',
  'storage',
];
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      // its `source` condition, ours too, names files that it does not publish
      to: { couldNotResolve: true, pathNot: '^react-aria-components$' },
    },
    {
      name: 'portal-knows-the-api-only',
      severity: 'error',
      from: { path: '^apps/portal/' },
      to: { path: '^(apps|libs|contracts|test)/', pathNot: '^apps/portal/' },
    },
    {
      name: 'core-knows-no-technology',
      severity: 'error',
      from: { path: '^libs/core/', pathNot: '\\.spec\\.ts$' },
      // ajv is the hot-path check itself, not a technology that one could swap
      to: {
        pathNot: ['^libs/core/', '^(node:)?crypto$', 'node_modules/(canonicalize|uuid|ajv|ajv-formats)/'],
      },
    },
    ...libs.map((lib) => ({
      name: `${lib}-imports-no-sibling`,
      severity: 'error',
      from: { path: `^libs/${lib}/` },
      to: { path: '^(apps|contracts|test|libs)/', pathNot: [`^libs/${lib}/`, '^libs/core/'] },
    })),
    {
      name: 'client-is-standalone',
      comment: 'a vendor installs it without the rest',
      severity: 'error',
      from: { path: '^libs/client/' },
      to: { path: '^libs/core/' },
    },
    {
      name: 'flow-imports-only-core',
      severity: 'error',
      from: { path: '^contracts/([^/]+)/' },
      to: {
        pathNot: ['^libs/core/', '^contracts/$1/'],
        path: '^(apps|libs|contracts|test)/',
      },
    },
    {
      name: 'flow-touches-no-file-nor-network',
      severity: 'error',
      from: { path: '^contracts/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(node:)?(fs|net|tls|http|https|http2|dgram|child_process|worker_threads)(/|$)' },
    },
    {
      name: 'simulators-import-only-the-client',
      severity: 'error',
      from: { path: '^apps/simulators/' },
      to: { path: '^(apps|libs|contracts|test)/', pathNot: ['^apps/simulators/', '^libs/client/'] },
    },
    {
      name: 'envelope-libraries-stay-in-protection',
      severity: 'error',
      from: {
        path: '^(apps|libs|contracts)/',
        pathNot: [
          '^libs/(protection|client)/',
          '^apps/cli/src/(journal-verify|bench)/',
          // a simulator judges by itself: never with the code that it judges
          '^apps/simulators/',
          '\\.spec\\.ts$',
        ],
      },
      to: { path: 'node_modules/(jose|pkijs|xml-crypto|xml-encryption)/' },
    },
    {
      name: 'nest-stays-in-apps',
      severity: 'error',
      from: { path: '^(libs|contracts)/' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'typeorm-stays-in-storage',
      severity: 'error',
      from: { path: '^(apps|libs|contracts)/', pathNot: '^libs/storage/' },
      to: { path: 'node_modules/(typeorm|better-sqlite3|pg)/' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    // anchored: most packages live in a dist folder of their own, and must be seen
    exclude: { path: '^(dist|var)/' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
