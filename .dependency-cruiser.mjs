// The walls of the house (ARCHITECTURE.md, “Direction”): model ← kit ← store ports ← stages ← pipeline ← server | agent | cli.
// Each rule says why it stands. Tests may reach across: they try real parts together.

const TESTS = String.raw`\.(test|crash|fixture)\.ts$|/conformance/`;
const STAGES = 'collect|journal|normalise|detect|trace|respond|audit|posture|access';
const ROOTS = 'server|agent|cli';
/** The folders behind a port that are one engine each; src/store/state is what the SQL engines share. */
const ENGINES = String.raw`^src/(store/(sqlite|postgres|chdb|clickhouse|local|nats|state)|journal/(sqlite|nats))/`;
const IMPURE =
  '^(node:)?(fs|fs/promises|net|tls|dgram|http|https|http2|child_process|cluster|worker_threads|os|readline|sqlite|timers|timers/promises)$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'model-knows-nothing',
      comment: 'Everything shares the model, so whatever it imported, everything would import.',
      severity: 'error',
      from: { path: '^src/model/', pathNot: TESTS },
      to: { path: '^(src|engines|console)/', pathNot: '^src/model/' },
    },
    {
      name: 'kit-knows-only-the-model',
      comment: 'The kit has no domain words: errors, ids, clock, log, bounded I/O.',
      severity: 'error',
      from: { path: '^src/kit/', pathNot: TESTS },
      to: { path: '^(src|engines|console)/', pathNot: '^src/(kit|model)/' },
    },
    {
      name: 'store-stands-below-the-stages',
      comment: 'A port that knew who uses it could not be put on another engine.',
      severity: 'error',
      from: { path: '^src/store/', pathNot: TESTS },
      to: { path: '^(src|engines|console)/', pathNot: '^src/(store|kit|model)/' },
    },
    {
      name: 'ports-do-not-name-an-engine',
      comment: 'The interface comes first; SQLite and PostgreSQL, chDB and ClickHouse stand behind it.',
      severity: 'error',
      from: { path: '^src/(store|journal)/[^/]+$', pathNot: TESTS },
      to: { path: ENGINES },
    },
    {
      name: 'only-roots-choose-an-engine',
      comment: 'The same program serves one server and a cluster: only a composition root says which engine is below a port.',
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/(${ROOTS})/`, ENGINES, TESTS] },
      to: { path: ENGINES },
    },
    {
      name: 'stages-do-not-meet',
      comment: 'Stages share the model and nothing else; the pipeline joins them. So each can be replayed and tested alone.',
      severity: 'error',
      from: { path: `^src/(${STAGES})/`, pathNot: TESTS },
      to: { path: `^src/(${STAGES})/`, pathNot: '^src/$1/' },
    },
    {
      name: 'stages-stand-below-the-pipeline',
      comment: 'A stage that knew the wiring, the HTTP layer or a command could not be used by another.',
      severity: 'error',
      from: { path: `^src/(${STAGES})/`, pathNot: TESTS },
      to: { path: `^(src/(pipeline|api|${ROOTS})|console)/` },
    },
    {
      name: 'pipeline-stands-below-the-roots',
      comment: 'The wiring is the same in the server, the agent, a replay and a test.',
      severity: 'error',
      from: { path: '^src/pipeline/', pathNot: TESTS },
      to: { path: `^(src/(api|${ROOTS})|console)/` },
    },
    {
      name: 'api-is-given-its-services',
      comment: 'HTTP checks, authorises and answers; what it does it is given (services.ts), but for who may sign in.',
      severity: 'error',
      from: { path: '^src/api/', pathNot: TESTS },
      to: { path: '^(src|engines|console)/', pathNot: '^src/(api|access|store|kit|model)/' },
    },
    {
      name: 'pure-stages-touch-nothing',
      comment:
        'No file, socket, process or clock in normalise, detect, trace and the checks: a replay gives the same answer as the live run.',
      severity: 'error',
      from: { path: '^src/(normalise|detect|trace|posture/checks)/', pathNot: TESTS },
      to: { path: IMPURE },
    },
    {
      name: 'engines-know-nothing-of-the-product',
      comment: 'Each library under engines/ can be published alone.',
      severity: 'error',
      from: { path: '^engines/([^/]+)/' },
      to: { path: '^(src|engines|console)/', pathNot: '^engines/$1/' },
    },
    {
      name: 'engines-are-pure',
      comment: 'The core of an engine computes; the one file of the log that touches the disk is files.ts.',
      severity: 'error',
      from: { path: '^engines/[^/]+/src/', pathNot: ['^engines/tlog/src/files\\.ts$', TESTS] },
      to: { path: IMPURE },
    },
    {
      name: 'engines-are-entered-by-the-door',
      comment: 'What an engine offers is its index.ts; the rest may change.',
      severity: 'error',
      from: { path: '^(src|bench|test)/' },
      to: { path: '^engines/[^/]+/', pathNot: '^engines/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'console-knows-the-model-and-the-api',
      comment: 'The page is built for the browser: it has the types of the model and the generated client, nothing of the server.',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: '^(src|engines|bench|test)/', pathNot: '^src/model/' },
    },
    {
      name: 'nothing-needs-the-tests',
      comment: 'Tests and benchmarks are about the program, not of it.',
      severity: 'error',
      from: { path: '^(src|engines|console)/', pathNot: TESTS },
      to: { path: ['^(bench|fuzz|test)/', String.raw`\.(test|fixture)\.ts$|/conformance/`] },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or miss a third.',
      severity: 'error',
      from: { pathNot: '^console/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolvable',
      comment: 'An import that leads nowhere fails at the customer’s.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: String.raw`\.(css|svg|woff2)$` },
    },
    {
      name: 'no-development-tools-in-the-program',
      comment: 'What runs at the customer’s stands in `dependencies`.',
      severity: 'error',
      from: { path: '^(src|engines)/', pathNot: [TESTS, '^engines/[^/]+/test/'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|console/dist' },
    exclude: { path: '^console/dist/' },
    // Types cross walls too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
