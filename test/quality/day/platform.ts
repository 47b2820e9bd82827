import { ADMINISTRATORS, BACKUP } from './company.ts';
import type { Random } from './random.ts';
import { type Diary, type Line, type Scene, SECOND_MS } from './scene.ts';

interface Asker {
  readonly username: string;
  readonly groups: readonly string[];
  readonly address: string;
  readonly agent: string;
}

const account = (namespace: string, name: string, agent: string): Asker => ({
  username: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  address: '10.2.0.5',
  agent,
});

const component = (username: string, agent: string): Asker => ({
  username,
  groups: ['system:authenticated'],
  address: '10.2.0.2',
  agent,
});

function audit(random: Random, timeMs: number, who: Asker, verb: string, requestURI: string, code = 200): Line {
  const [, api, , version, ...rest] =
    (requestURI.startsWith('/api/') ? `/api/core${requestURI.slice(4)}` : requestURI).split('?')[0]?.split('/') ?? [];
  const at = rest[0] === 'namespaces' && rest.length > 2 ? 2 : 0;
  const objectRef = api?.startsWith('api')
    ? {
        resource: rest[at],
        namespace: at === 2 ? rest[1] : undefined,
        name: rest[at + 1],
        subresource: rest[at + 2],
        apiVersion: version,
      }
    : undefined;
  const time = new Date(timeMs).toISOString().replace('Z', '000Z');
  const record = {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: random.hex(32),
    stage: 'ResponseComplete',
    requestURI,
    verb,
    user: { username: who.username, groups: who.groups },
    sourceIPs: [who.address],
    userAgent: who.agent,
    objectRef,
    responseStatus: { metadata: {}, code },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: {
      'authorization.k8s.io/decision': code === 403 ? 'forbid' : 'allow',
      'authorization.k8s.io/reason': '',
    },
  };
  return { timeMs, text: JSON.stringify(record) };
}

const controllers: Scene = (random, timeMs) => {
  const [who, verb, uri] = random.pick([
    [component('system:kube-controller-manager', 'kube-controller-manager/v1.31.2'), 'update', '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager'],
    [component('system:kube-scheduler', 'kube-scheduler/v1.31.2'), 'create', '/api/v1/namespaces/shop/pods/web-7d/binding'],
    [component('system:kube-controller-manager', 'kube-controller-manager/v1.31.2'), 'watch', '/api/v1/secrets?watch=true'],
    [component('system:apiserver', 'kube-apiserver/v1.31.2'), 'get', '/api/v1/namespaces/kube-system'],
    [account('kube-system', 'replicaset-controller', 'kube-controller-manager/v1.31.2'), 'create', '/api/v1/namespaces/shop/pods'],
    [account('kube-system', 'endpointslice-controller', 'kube-controller-manager/v1.31.2'), 'update', '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/web-1'],
    [account('kube-system', 'cronjob-controller', 'kube-controller-manager/v1.31.2'), 'create', '/apis/batch/v1/namespaces/shop/jobs'],
    [account('kube-system', 'generic-garbage-collector', 'kube-controller-manager/v1.31.2'), 'delete', '/api/v1/namespaces/shop/pods/report-1'],
    [account('cert-manager', 'cert-manager', 'cert-manager/v1.16'), 'update', '/api/v1/namespaces/shop/secrets/shop-tls'],
    [account('argocd', 'argocd-application-controller', 'argocd-application-controller/v2.13'), 'patch', '/apis/apps/v1/namespaces/shop/deployments/web'],
    [account('argocd', 'argocd-application-controller', 'argocd-application-controller/v2.13'), 'list', '/api/v1/secrets?limit=500'],
    [account('monitoring', 'prometheus', 'Prometheus/3.0'), 'list', '/api/v1/pods?limit=500'],
    [account('monitoring', 'prometheus', 'Prometheus/3.0'), 'get', '/api/v1/nodes/node-1/proxy/metrics'],
    [account('ingress', 'ingress-nginx', 'nginx-ingress-controller/v1.11'), 'watch', '/apis/networking.k8s.io/v1/ingresses?watch=true'],
    [account('kube-system', 'horizontal-pod-autoscaler', 'kube-controller-manager/v1.31.2'), 'update', '/apis/apps/v1/namespaces/shop/deployments/web/scale'],
    [account('kube-system', 'coredns', 'coredns/1.11'), 'watch', '/api/v1/services?watch=true'],
    [account('velero', 'velero', 'velero/v1.15'), 'list', '/api/v1/namespaces/shop/secrets'],
    [{ ...component('system:anonymous', 'kube-probe/1.31'), groups: ['system:unauthenticated'] }, 'get', '/livez'],
  ] as const); // biome-ignore format: a table
  return [audit(random, timeMs, who, verb, uri, verb === 'create' ? 201 : 200)];
};

const node: Scene = (random, timeMs) => {
  const name = `node-${random.integer(1, 3)}`;
  const who: Asker = {
    username: `system:node:${name}`,
    groups: ['system:nodes', 'system:authenticated'],
    address: '10.2.0.11',
    agent: 'kubelet/v1.31.2 (linux/amd64) kubernetes',
  };
  return [
    audit(random, timeMs, who, 'patch', `/api/v1/nodes/${name}/status`),
    audit(
      random,
      timeMs + 100,
      who,
      'update',
      `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`,
    ),
    audit(random, timeMs + 200, who, 'create', '/api/v1/namespaces/shop/serviceaccounts/default/token', 201),
    audit(random, timeMs + 300, who, 'get', '/api/v1/namespaces/shop/secrets/registry'),
  ];
};

const kubectl: Scene = (random, timeMs) => {
  const who: Asker = {
    username: `${random.pick(ADMINISTRATORS)}@shop.example`,
    groups: ['shop-operators', 'system:authenticated'],
    address: '10.8.0.11',
    agent: 'kubectl/v1.31.0 (darwin/arm64) kubernetes',
  };
  const asks = [
    '/api/v1/namespaces/shop/pods?limit=500',
    '/apis/apps/v1/namespaces/shop/deployments',
    '/api/v1/namespaces/shop/pods/web-7d/log',
    '/api/v1/namespaces/shop/events',
    '/api/v1/nodes',
    '/api/v1/namespaces/shop/services',
    '/api/v1/namespaces/shop/configmaps/web',
  ];
  return [
    ...Array.from({ length: random.integer(2, 10) }, (_, at) =>
      audit(random, timeMs + at * 12 * SECOND_MS, who, 'get', random.pick(asks), random.happens(0.05) ? 404 : 200),
    ),
    ...(random.happens(0.4)
      ? [audit(random, timeMs + 200 * SECOND_MS, who, 'patch', '/apis/apps/v1/namespaces/shop/deployments/web')]
      : []),
    ...(random.happens(0.1)
      ? [audit(random, timeMs + 220 * SECOND_MS, who, 'list', '/api/v1/namespaces/kube-system/secrets', 403)]
      : []),
  ];
};

/** The audit log of a cluster of three nodes. */
export const CLUSTER: Diary = {
  stream: 'file:/var/log/kubernetes/audit.log',
  format: 'kubernetes',
  share: 0.04,
  occasions: [
    { scene: kubectl, hours: [9, 19], perDay: 25 },
    { scene: controllers, weight: 12 },
    { scene: node, weight: 3 },
  ],
};

function postgres(timeMs: number, from: string, who: string, message: string): Line {
  return {
    timeMs,
    text: `${new Date(timeMs).toISOString().slice(0, 23).replace('T', ' ')} UTC:${from}:${who}:[4411]:${message}`,
  };
}

const pgOrdinary: Scene = (random, timeMs) => {
  const from = `10.0.3.${random.integer(2, 6)}(${random.integer(32_768, 60_999)})`;
  return random.pick([
    [postgres(timeMs, from, 'app@shop', 'LOG:  connection authorized: user=app database=shop application_name=web')],
    [
      postgres(
        timeMs,
        from,
        'app@shop',
        'LOG:  disconnection: session time: 0:05:12.201 user=app database=shop host=10.0.3.2 port=51348',
      ),
    ],
    [
      postgres(
        timeMs,
        from,
        'app@shop',
        "LOG:  duration: 1204.331 ms  statement: SELECT o.id, o.total FROM orders o JOIN items i ON i.order_id = o.id WHERE o.created_at > now() - interval '1 day'",
      ),
    ],
    [
      postgres(timeMs, from, 'app@shop', 'ERROR:  duplicate key value violates unique constraint "orders_pkey"'),
      postgres(timeMs, from, 'app@shop', 'DETAIL:  Key (id)=(42) already exists.'),
    ],
    [
      postgres(timeMs, from, 'app@shop', 'ERROR:  deadlock detected'),
      postgres(timeMs, from, 'app@shop', 'HINT:  See server log for query details.'),
    ],
    [postgres(timeMs, from, 'app@shop', 'ERROR:  canceling statement due to statement timeout')],
    [postgres(timeMs, from, 'app@shop', 'LOG:  could not receive data from client: Connection reset by peer')],
    [postgres(timeMs, '', '@', 'LOG:  checkpoint complete: wrote 812 buffers (5.0%); 0 WAL file(s) added')],
    [postgres(timeMs, '', '@', 'LOG:  automatic vacuum of table "shop.public.carts": index scans: 1')],
    [postgres(timeMs, from, 'monitor@shop', 'LOG:  statement: SELECT * FROM pg_stat_activity')],
  ]);
};

const pgAdministrator: Scene = (random, timeMs) => {
  const from = `10.8.0.${random.integer(10, 12)}(50111)`;
  const lines = [
    'FATAL:  password authentication failed for user "alice"', 'LOG:  connection authorized: user=alice database=shop application_name=psql',
    'ERROR:  column "totl" does not exist at character 8', 'ERROR:  syntax error at or near "form" at character 14', 'ERROR:  permission denied for table payments',
    'LOG:  statement: CREATE INDEX CONCURRENTLY idx_items_sku ON items (sku)', 'LOG:  statement: GRANT SELECT ON orders TO reporting', 'LOG:  statement: SELECT count(*) FROM customers',
  ]; // biome-ignore format: a list of messages
  return lines.map((message, at) => postgres(timeMs + at * 15 * SECOND_MS, from, 'alice@shop', message));
};

const pgDump: Scene = (_random, timeMs) => [
  postgres(
    timeMs,
    `${BACKUP}(50333)`,
    'backup@shop',
    'LOG:  connection authorized: user=backup database=shop application_name=pg_dump',
  ),
  ...['orders', 'items', 'customers', 'reviews', 'payments', 'carts', 'sessions', 'coupons'].map((table, at) =>
    postgres(
      timeMs + at * 3 * SECOND_MS,
      `${BACKUP}(50333)`,
      'backup@shop',
      `LOG:  statement: COPY public.${table} (id, note) TO stdout;`,
    ),
  ),
];

/** The log of the shop's PostgreSQL. */
export const POSTGRESQL: Diary = {
  stream: 'file:/var/log/postgresql/postgresql.log',
  format: 'postgresql',
  share: 0.012,
  occasions: [
    { scene: pgDump, hours: [2, 3], perDay: 1 },
    { scene: pgAdministrator, hours: [9, 18], perDay: 3 },
    { scene: pgOrdinary, weight: 1 },
  ],
};

const mysqlOrdinary: Scene = (random, timeMs) => {
  const stamp = new Date(timeMs).toISOString().replace('Z', '000Z');
  const thread = random.integer(8, 9_000);
  return [
    {
      timeMs,
      text: `${stamp} ${thread} ${random.pick([
        "[Warning] [MY-010055] [Server] IP address '10.0.3.7' could not be resolved: Name or service not known",
        "[Note] [MY-010914] [Server] Aborted connection 4411 to db: 'wp' user: 'wp' host: '10.0.3.5' (Got timeout reading communication packets).",
        '[Note] [MY-010914] [Server] Got an error reading communication packets',
        '[System] [MY-011323] [Server] X Plugin ready for connections. Bind-address: 10.0.3.9 port: 33060',
        '[Warning] [MY-013360] [Server] Plugin mysql_native_password reported: deprecated',
        '[Note] [MY-012551] [InnoDB] Buffer pool(s) load completed',
      ])}`,
    },
  ];
};

const mysqlMistake: Scene = (_random, timeMs) =>
  [0, 9].map((seconds) => ({
    timeMs: timeMs + seconds * SECOND_MS,
    text: `${new Date(timeMs + seconds * SECOND_MS).toISOString().replace('Z', '000Z')} 812 [Note] [MY-010926] [Server] Access denied for user 'hana'@'10.8.0.16' (using password: YES)`,
  }));

/** The error log of the blog's MySQL. */
export const MYSQL: Diary = {
  stream: 'file:/var/log/mysql/error.log',
  format: 'mysql',
  share: 0.008,
  occasions: [
    { scene: mysqlMistake, hours: [9, 18], perDay: 2 },
    { scene: mysqlOrdinary, weight: 1 },
  ],
};
