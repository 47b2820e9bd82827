import type { Random } from './random.ts';
import { type Diary, type Line, type Scene, SECOND_MS } from './scene.ts';

interface Who {
  /** Who signed in; unset for services. */
  readonly auid: number;
  readonly uid: number;
  readonly tty: string;
  readonly ses: number;
  readonly cwd: string;
}

const UNSET = 4_294_967_295;
const ROOT_SERVICE: Who = { auid: UNSET, uid: 0, tty: '(none)', ses: UNSET, cwd: '/' };

/** One `execve` as the kernel records it: call, arguments, folder, the program and its loader. */
function run(
  random: Random,
  timeMs: number,
  who: Who,
  command: readonly string[],
  parent = random.integer(700, 9_999),
): Line[] {
  const id = `audit(${(timeMs / 1000).toFixed(3)}:${random.integer(1, 9_999_999)})`;
  const exe = command[0] as string;
  const comm = (exe.split('/').at(-1) as string).slice(0, 15);
  const ids = ['uid', 'gid', 'euid', 'suid', 'fsuid', 'egid', 'sgid', 'fsgid']
    .map((name) => `${name}=${who.uid}`)
    .join(' ');
  const args = command.map(
    (arg, at) =>
      `a${at}=${/[\s"]/.test(arg) ? Buffer.from(arg).toString('hex').toUpperCase() : `"${at === 0 ? comm : arg}"`}`,
  );
  const key = who.auid === UNSET ? (who.uid === 0 ? '(null)' : '"btz-service-exec"') : '"btz-exec"';
  const texts = [
    `type=SYSCALL msg=${id}: arch=c000003e syscall=59 success=yes exit=0 a0=55d a1=55e a2=55f a3=8 items=2 ppid=${parent} pid=${random.integer(10_000, 4_000_000)} auid=${who.auid} ${ids} tty=${who.tty} ses=${who.ses} comm="${comm}" exe="${exe}" subj=unconfined key=${key}`,
    `type=EXECVE msg=${id}: argc=${command.length} ${args.join(' ')}`,
    `type=CWD msg=${id}: cwd="${who.cwd}"`,
    `type=PATH msg=${id}: item=0 name="${exe}" inode=1234 dev=fd:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0`,
    `type=PROCTITLE msg=${id}: proctitle=${Buffer.from(command.join('\0')).toString('hex').toUpperCase()}`,
  ];
  return texts.map((text) => ({ timeMs, text }));
}

function inTurn(
  random: Random,
  timeMs: number,
  who: Who,
  commands: readonly (readonly string[])[],
  stepMs: number,
): Line[] {
  const parent = random.integer(700, 9_999);
  return commands.flatMap((command, at) => run(random, timeMs + at * stepMs, who, command, parent));
}

const shellOf = (random: Random, uid: number, name: string): Who => ({
  auid: uid,
  uid,
  tty: 'pts0',
  ses: random.integer(4, 900),
  cwd: `/home/${name}`,
});

const DAILY = [
  ['/usr/bin/ls', '-la'], ['/usr/bin/git', 'status'], ['/usr/bin/git', 'pull', '--rebase'], ['/usr/bin/vim', 'docker-compose.yml'], ['/usr/bin/cat', 'README.md'],
  ['/usr/bin/grep', '-rn', 'TODO', 'src'], ['/usr/bin/docker', 'ps'], ['/usr/bin/docker', 'logs', '-f', 'shop'], ['/usr/bin/ssh', 'db-1'], ['/usr/bin/scp', 'dump.sql.gz', 'app-1:/tmp/'],
  ['/usr/bin/curl', '-sI', 'https://shop.example/healthz'], ['/usr/bin/curl', '-fsSL', '-o', '/tmp/node.tar.xz', 'https://nodejs.org/dist/v24.1.0/node-v24.1.0-linux-x64.tar.xz'],
  ['/usr/bin/tar', 'xJf', '/tmp/node.tar.xz', '-C', '/home/alice/opt'], ['/usr/bin/python3', 'manage.py', 'migrate'], ['/usr/bin/python3', '-m', 'venv', '.venv'], ['/usr/bin/npm', 'run', 'build'],
  ['/usr/bin/tail', '-n', '200', '/var/log/nginx/access.log'], ['/usr/bin/ps', 'aux'], ['/usr/bin/df', '-h'], ['/usr/bin/free', '-m'], ['/usr/bin/id'], ['/usr/bin/whoami'], ['/usr/bin/uname', '-a'],
  ['/usr/bin/ss', '-tlnp'], ['/usr/bin/ip', 'addr'], ['/usr/bin/find', '.', '-name', '*.log', '-mtime', '+7'], ['/usr/bin/base64', '-d', 'logo.b64'], ['/usr/bin/rm', '-rf', 'node_modules'],
  ['/usr/bin/chmod', '+x', 'deploy.sh'], ['/usr/bin/psql', '-h', 'db-1', '-U', 'app', 'shop', '-c', 'select count(*) from orders'], ['/usr/bin/kubectl', 'get', 'pods', '-A'], ['/usr/bin/crontab', '-l'],
  ['/usr/bin/openssl', 's_client', '-connect', 'shop.example:443'], ['/usr/bin/ping', '-c', '3', 'db-1'], ['/usr/bin/dig', 'shop.example'], ['/usr/bin/w'], ['/usr/bin/last', '-n', '5'], ['/usr/bin/hostname'], ['/usr/bin/env'],
] as const; // biome-ignore format: a list of commands

const atWork: Scene = (random, timeMs) => {
  const [name, uid] = random.pick([
    ['alice', 1000],
    ['bob', 1001],
    ['dora', 1004],
  ] as const);
  const commands = Array.from({ length: random.integer(3, 12) }, () => random.pick(DAILY));
  return inTurn(random, timeMs, shellOf(random, uid, name), commands, random.integer(4, 40) * SECOND_MS);
};

/** `sudo apt upgrade`: root, with the session of a person. */
const upgrade: Scene = (random, timeMs) => {
  const who = { ...shellOf(random, 1000, 'alice'), uid: 0 };
  const packages = ['openssl', 'curl', 'linux-image-amd64', 'sudo', 'openssh-server', 'nginx', 'tzdata'].filter(() =>
    random.happens(0.6),
  );
  return inTurn(
    random,
    timeMs,
    who,
    [
      ['/usr/bin/apt', 'upgrade', '-y'],
      ['/usr/lib/apt/methods/https'],
      ['/usr/bin/apt-key', '--quiet', 'verify'],
      ...packages.flatMap((name): (readonly string[])[] => [
        ['/usr/bin/dpkg', '--unpack', '--auto-deconfigure', `/var/cache/apt/archives/${name}_1_amd64.deb`],
        ['/usr/bin/dpkg-deb', '--fsys-tarfile', `/var/cache/apt/archives/${name}_1_amd64.deb`],
        ['/usr/bin/dash', `/var/lib/dpkg/info/${name}.postinst`, 'configure', '1.0'],
        ['/usr/bin/deb-systemd-helper', 'enable', `${name}.service`],
        ['/usr/bin/systemctl', 'daemon-reload'],
        ['/usr/bin/systemctl', 'restart', `${name}.service`],
      ]),
      ['/usr/sbin/ldconfig'],
      ['/usr/sbin/update-initramfs', '-u'],
      ['/usr/bin/find', '/tmp/mkinitramfs_Ab12', '-depth', '-print'],
      ['/usr/bin/cpio', '-R', '0:0', '-o', '-H', 'newc'],
      ['/usr/sbin/modprobe', '--all', '--set-version=6.12.0', '--ignore-install', '--quiet', '--show-depends', 'ext4'],
      ['/usr/bin/mandb', '-pq'],
      ['/usr/sbin/needrestart'],
    ],
    900,
  );
};

const unattended: Scene = (random, timeMs) =>
  inTurn(
    random,
    timeMs,
    ROOT_SERVICE,
    [
      ['/usr/lib/apt/apt.systemd.daily', 'install'],
      ['/usr/bin/unattended-upgrade', '-d'],
      ['/usr/bin/dpkg', '--status-fd', '9', '--configure', '--pending'],
      ['/usr/bin/gzip', '-9', '/var/log/apt/history.log'],
    ],
    2_000,
  );

const cronJob: Scene = (random, timeMs) =>
  inTurn(
    random,
    timeMs,
    random.happens(0.5)
      ? { ...ROOT_SERVICE, auid: 0, ses: random.integer(100, 9_000) }
      : { ...ROOT_SERVICE, auid: 33, uid: 33, ses: random.integer(100, 9_000), cwd: '/var/www' },
    random.pick([
      [
        ['/usr/bin/dash', '-c', 'php /var/www/shop/cron.php > /dev/null 2>&1'],
        ['/usr/bin/php8.3', '/var/www/shop/cron.php'],
      ],
      [
        ['/usr/bin/dash', '-c', 'cd / && run-parts --report /etc/cron.hourly'],
        ['/usr/bin/run-parts', '--report', '/etc/cron.hourly'],
      ],
      [
        ['/usr/bin/dash', '-c', '/usr/lib/sysstat/debian-sa1 1 1'],
        ['/usr/lib/sysstat/sadc', '-F', '-L', '1', '1', '/var/log/sysstat'],
      ],
      [
        ['/usr/bin/dash', '-c', 'mysqldump shop | gzip > /backup/shop.sql.gz'],
        ['/usr/bin/mysqldump', 'shop'],
        ['/usr/bin/gzip'],
      ],
      [
        ['/usr/sbin/logrotate', '/etc/logrotate.conf'],
        ['/usr/bin/gzip'],
        ['/usr/bin/systemctl', 'kill', '-s', 'HUP', 'rsyslog.service'],
      ],
    ]),
    400,
  );

/** The shop makes pictures and invoices with programs. */
const siteRuns: Scene = (random, timeMs) =>
  run(
    random,
    timeMs,
    { ...ROOT_SERVICE, uid: 33, cwd: '/var/www/shop' },
    random.pick([
      ['/usr/bin/convert', '/var/www/shop/uploads/a.jpg', '-resize', '400x', '/var/www/shop/cache/a.webp'],
      ['/usr/bin/wkhtmltopdf', 'http://127.0.0.1/invoice/12', '/var/www/shop/cache/12.pdf'],
      ['/usr/sbin/sendmail', '-t', '-i'],
    ]),
  );

const inContainer: Scene = (random, timeMs) =>
  inTurn(
    random,
    timeMs,
    ROOT_SERVICE,
    [
      [
        '/usr/bin/runc',
        '--root',
        '/run/docker/runtime-runc/moby',
        'exec',
        '--process',
        '/tmp/runc-process12',
        random.hex(12),
      ],
      ['/usr/bin/dash', '-c', 'pg_isready -U postgres'],
      ['/usr/bin/pg_isready', '-U', 'postgres'],
    ],
    20,
  );

const session: Scene = (random, timeMs) => {
  const id = `audit(${(timeMs / 1000).toFixed(3)}:${random.integer(1, 9_999_999)})`;
  const ses = random.integer(4, 900);
  const address = `10.8.0.${random.integer(10, 18)}`;
  return ['USER_AUTH', 'USER_ACCT', 'CRED_ACQ', 'USER_START', 'USER_LOGIN'].map((type) => ({
    timeMs,
    text: `type=${type} msg=${id}: pid=4411 uid=0 auid=1000 ses=${ses} subj=unconfined msg='op=${type === 'USER_LOGIN' ? 'login id=1000' : 'PAM:session_open grantors=pam_unix acct="alice"'} exe="/usr/sbin/sshd" hostname=${address} addr=${address} terminal=ssh res=success'`,
  }));
};

/** `audit.log` of one machine. */
export const AUDIT: Diary = {
  stream: 'file:/var/log/audit/audit.log',
  format: 'auditd',
  share: 0.12,
  occasions: [
    { scene: upgrade, hours: [9, 11], perDay: 1 },
    { scene: unattended, hours: [6, 7], perDay: 1 },
    { scene: atWork, hours: [8, 19], perDay: 60 },
    { scene: session, hours: [8, 19], perDay: 25 },
    { scene: siteRuns, weight: 2 },
    { scene: cronJob, weight: 6 },
    { scene: inContainer, weight: 5 },
  ],
};
