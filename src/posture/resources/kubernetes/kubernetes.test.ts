import { describe, expect, it } from 'vitest';
import type { Resource } from '#model/resource.ts';
import { kubernetesLoader, withPodSpec } from './index.ts';

const load = (text: string, path = 'app.yaml') => kubernetesLoader.load([{ path, text }]);

const DEPLOYMENT = `# Source: shop/templates/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app.kubernetes.io/name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      hostPID: true
      automountServiceAccountToken: no
      nodeSelector: {gpu: ""}
      initContainers:
        - name: init
          image: busybox:1.36
      containers:
        - name: web
          image: "nginx:1.27"
          ports:
            - containerPort: 8080
              hostPort: 80
          resources:
            limits: {cpu: 500m, nvidia.com/gpu: 1}
          securityContext:
            runAsNonRoot: true
            capabilities: {drop: [ALL]}
          volumeMounts:
            - {name: sock, mountPath: /var/run/docker.sock}
      volumes:
        - name: sock
          hostPath: {path: /var/run/docker.sock}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
`;

describe('a Kubernetes manifest', () => {
  it('becomes Terraform’s resource, with the lines of its document and its pod', async () => {
    expect(kubernetesLoader.claims('app.yaml', DEPLOYMENT)).toBe(true);
    const { resources, problems } = await load(DEPLOYMENT);
    expect(problems).toEqual([]);
    const [web, service] = resources;
    expect(web).toMatchObject({
      provider: 'kubernetes',
      type: 'kubernetes_deployment',
      id: 'kubernetes_deployment.shop/web',
      name: 'web',
      file: 'app.yaml',
      line: 2,
      endLine: 38,
    });
    expect(web?.attributes.metadata).toEqual([
      { name: 'web', namespace: 'shop', labels: { 'app.kubernetes.io/name': 'web' } },
    ]);
    expect(web?.attributes.pod).toEqual({
      metadata: [{ labels: { app: 'web' } }],
      host_pid: true,
      automount_service_account_token: false,
      node_selector: { gpu: '' },
      init_container: [{ name: 'init', image: 'busybox:1.36' }],
      container: [
        {
          name: 'web',
          image: 'nginx:1.27',
          port: [{ container_port: 8080, host_port: 80 }],
          resources: [{ limits: { cpu: '500m', 'nvidia.com/gpu': 1 } }],
          security_context: [{ run_as_non_root: true, capabilities: [{ drop: ['ALL'] }] }],
          volume_mount: [{ name: 'sock', mount_path: '/var/run/docker.sock' }],
        },
      ],
      volume: [{ name: 'sock', host_path: [{ path: '/var/run/docker.sock' }] }],
    });
    expect(service).toMatchObject({
      id: 'kubernetes_service.web',
      line: 40,
      attributes: { spec: [{ type: 'NodePort', selector: { app: 'web' }, port: [{ port: 80, target_port: 'http' }] }] },
    });
    expect(service?.attributes.pod).toBeUndefined();
  });

  it('of roles and bindings has rules and subjects in the singular, and lists of words as they are', async () => {
    const { resources } = await load(`apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all}
rules:
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: ["*"]
  - nonResourceURLs: [/metrics]
    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: all}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all}
subjects: [{kind: Group, name: "system:unauthenticated"}]
`);
    expect(resources[0]?.attributes.rule).toEqual([
      { api_groups: ['*'], resources: ['*'], verbs: ['*'] },
      { non_resource_urls: ['/metrics'], verbs: ['get'] },
    ]);
    expect(resources[1]?.attributes).toMatchObject({
      role_ref: [{ kind: 'ClusterRole', name: 'all' }],
      subject: [{ kind: 'Group', name: 'system:unauthenticated' }],
    });
  });

  it('has its pod wherever its kind keeps it', async () => {
    const spec = (indent: number) =>
      `${' '.repeat(indent)}spec: {hostNetwork: true, containers: [{name: a, image: a}]}\n`;
    const { resources } = await load(
      [
        `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n${spec(0)}`,
        `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec:\n  template:\n${spec(4)}`,
        `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec:\n  template:\n${spec(4)}`,
        `apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: a}\nspec:\n  template:\n${spec(4)}`,
        `apiVersion: v1\nkind: ReplicationController\nmetadata: {name: a}\nspec:\n  template:\n${spec(4)}`,
        `apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec:\n  template:\n${spec(4)}`,
        `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec:\n  jobTemplate:\n    spec:\n      template:\n${spec(8)}`,
      ].join('---\n'),
    );
    expect(resources.map((resource) => resource.type)).toEqual([
      'kubernetes_pod',
      'kubernetes_stateful_set',
      'kubernetes_daemonset',
      'kubernetes_replica_set',
      'kubernetes_replication_controller',
      'kubernetes_job',
      'kubernetes_cron_job',
    ]);
    for (const { attributes } of resources) {
      expect(attributes.pod).toMatchObject({ host_network: true, container: [{ name: 'a' }] });
    }
  });

  it('in a list counts each, and a custom kind has its own name', async () => {
    const { resources } = await load(`apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Namespace
    metadata: {name: shop}
  - apiVersion: networking.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: mtls}
    spec: {mtls: {mode: STRICT}}
`);
    expect(resources.map(({ id, line }) => [id, line])).toEqual([
      ['kubernetes_namespace.shop', 4],
      ['kubernetes_peer_authentication.mtls', 7],
    ]);
  });

  it('is no manifest where it only has a version', () => {
    expect(kubernetesLoader.claims('Chart.yaml', 'apiVersion: v2\nname: shop\n')).toBe(false);
    expect(kubernetesLoader.claims('values.yaml', 'kind: Deployment\n')).toBe(false);
  });
});

describe('a chart’s template', () => {
  it.each([
    ['apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ include "shop.name" . }}\n', 4],
    ['{{- if .Values.ingress.enabled }}\napiVersion: v1\nkind: Service\n{{- end }}\n', 1],
    ['apiVersion: v1\nkind: Pod\nspec:\n  {{- toYaml $pod | nindent 2 }}\n', 4],
    ['apiVersion: v1\nkind: Pod\nspec:\n  image: "{{ .Values.image }}"\n', 4],
  ])('that is not rendered is one problem', async (text, line) => {
    const { resources, problems } = await load(text);
    expect(resources).toEqual([]);
    expect(problems).toEqual([{ file: 'app.yaml', line, problem: expect.stringContaining('helm template') }]);
  });

  it('is looked for in no more time than the file is long', async () => {
    const before = performance.now();
    for (const piece of ['{{ ', '{{ .', '{{ . .Values', '# {{ .Values.a }} ', '{{ include ']) {
      const { resources } = await load(`apiVersion: v1\nkind: Pod\nx: ${piece.repeat(1_000_000 / piece.length)}\n`);
      expect(resources.length).toBeLessThan(2);
    }
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it('is not what a rendered alert holds', async () => {
    const { resources, problems } = await load(`apiVersion: v1
kind: ConfigMap
metadata: {name: alerts}
data:
  slack.tmpl: |
    {{ template "slack.title" . }} {{ range .Alerts }}{{ .Labels.alertname }}{{ end }}
  one: "{{ $value }} is high"
`);
    expect(problems).toEqual([]);
    expect(resources[0]?.attributes.data).toMatchObject({ one: '{{ $value }} is high' });
  });
});

describe('a Terraform resource of the provider kubernetes', () => {
  it('gets its pod too, under the name without a version', () => {
    const resource: Resource = {
      provider: 'kubernetes',
      type: 'kubernetes_deployment_v1',
      id: 'kubernetes_deployment_v1.web',
      name: 'web',
      attributes: { spec: [{ template: [{ spec: [{ host_network: true }] }] }] },
    };
    expect(withPodSpec(resource)).toMatchObject({
      type: 'kubernetes_deployment',
      id: 'kubernetes_deployment_v1.web',
      attributes: { pod: { host_network: true } },
    });
    const other = { ...resource, provider: 'aws' as const, type: 'aws_eks_cluster' };
    expect(withPodSpec(other)).toBe(other);
  });
});
