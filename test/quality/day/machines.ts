import {
  ADMINISTRATORS,
  ANSIBLE,
  addressOf,
  BACKUP,
  CI,
  DEVELOPERS,
  HOSTS,
  MONITOR,
  PEOPLE,
  stranger,
} from './company.ts';
import type { Random } from './random.ts';
import { type Diary, type Line, MINUTE_MS, type Scene, SECOND_MS } from './scene.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function line(timeMs: number, host: string, program: string, message: string): Line {
  const date = new Date(timeMs);
  const stamp = `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 19)}`;
  return { timeMs, text: `${stamp} ${host} ${program}: ${message}` };
}

/** `sshd` of Debian 12 writes one pid per connection. */
function shell(random: Random, host: string) {
  const pid = random.integer(900, 4_000_000);
  return (timeMs: number, message: string): Line => line(timeMs, host, `sshd[${pid}]`, message);
}

function accepted(
  random: Random,
  [timeMs, user, address]: readonly [number, string, string],
  how: 'publickey' | 'password',
  lengthMs: number,
  host: string,
): Line[] {
  const port = random.integer(32_768, 60_999);
  const write = shell(random, host);
  const key =
    how === 'publickey' ? `: ED25519 SHA256:${Buffer.from(user.padEnd(32, 'k')).toString('base64').slice(0, 43)}` : '';
  return [
    write(timeMs, `Accepted ${how} for ${user} from ${address} port ${port} ssh2${key}`),
    write(timeMs, `pam_unix(sshd:session): session opened for user ${user}(uid=${1000 + user.length}) by (uid=0)`),
    line(timeMs, host, 'systemd-logind[612]', `New session ${random.integer(100, 9999)} of user ${user}.`),
    write(timeMs + lengthMs, `Received disconnect from ${address} port ${port}:11: disconnected by user`),
    write(timeMs + lengthMs, `Disconnected from user ${user} ${address} port ${port}`),
    write(timeMs + lengthMs, `pam_unix(sshd:session): session closed for user ${user}`),
  ];
}

const withKey: Scene = (random, timeMs) => {
  const user = random.pick(PEOPLE);
  const lengthMs = random.integer(1, 240) * MINUTE_MS;
  return accepted(random, [timeMs, user, addressOf(user, random)], 'publickey', lengthMs, random.pick(HOSTS));
};

const withPassword: Scene = (random, timeMs) => {
  const user = random.pick(DEVELOPERS);
  const address = addressOf(user, random);
  const host = random.pick(['bastion', 'app-1']);
  const write = shell(random, host);
  const lines: Line[] = [];
  const mistakes = random.happens(0.25) ? random.integer(1, 2) : 0;
  let nowMs = timeMs;
  for (let mistake = 0; mistake < mistakes; mistake++) {
    const port = random.integer(32_768, 60_999);
    if (mistake === 0)
      lines.push(
        write(
          nowMs - 2 * SECOND_MS,
          `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${address}  user=${user}`,
        ),
      );
    lines.push(write(nowMs, `Failed password for ${user} from ${address} port ${port} ssh2`));
    nowMs += random.integer(4, 15) * SECOND_MS;
  }
  return [...lines, ...accepted(random, [nowMs, user, address], 'password', random.integer(5, 200) * MINUTE_MS, host)];
};

/** A name mistyped, as ‘alcie’ is. */
const mistypedName: Scene = (random, timeMs) => {
  const user = random.pick(PEOPLE);
  const address = addressOf(user, random);
  const wrong = `${user.slice(0, -2)}${user.at(-1)}${user.at(-2)}`;
  const port = random.integer(32_768, 60_999);
  const write = shell(random, 'bastion');
  return [
    write(timeMs, `Invalid user ${wrong} from ${address} port ${port}`),
    write(timeMs + 3 * SECOND_MS, `Connection closed by invalid user ${wrong} ${address} port ${port} [preauth]`),
    ...accepted(random, [timeMs + 20 * SECOND_MS, user, address], 'publickey', 40 * MINUTE_MS, 'bastion'),
  ];
};

/** The agent offers several keys before the right one. */
const manyKeys: Scene = (random, timeMs) => {
  const address = addressOf('erik', random);
  const write = shell(random, 'bastion');
  const offers = Array.from({ length: 3 }, (_, at) =>
    write(timeMs + at * 100, `Failed publickey for erik from ${address} port 50${at}11 ssh2: RSA SHA256:old${at}`),
  );
  return [
    ...offers,
    ...accepted(random, [timeMs + SECOND_MS, 'erik', address], 'publickey', 30 * MINUTE_MS, 'bastion'),
  ];
};

const rsync: Scene = (random, timeMs) =>
  accepted(random, [timeMs, 'backup', BACKUP], 'publickey', random.integer(5, 90) * SECOND_MS, random.pick(HOSTS));

const ansible: Scene = (random, timeMs) =>
  HOSTS.flatMap((host, at) => {
    const startMs = timeMs + at * 400;
    const session = accepted(random, [startMs, 'ansible', ANSIBLE], 'publickey', 60 * SECOND_MS, host);
    const tasks = Array.from({ length: 4 }, (_, task) =>
      sudo(
        startMs + (task + 1) * 3 * SECOND_MS,
        host,
        'ansible',
        `/bin/sh -c 'echo BECOME-SUCCESS-${random.hex(12)} ; /usr/bin/python3 /home/ansible/.ansible/tmp/ansible-tmp-${random.hex(10)}/AnsiballZ_${random.pick(['apt', 'copy', 'template', 'systemd', 'user', 'lineinfile', 'setup', 'file'])}.py'`,
      ),
    );
    return [...session, ...tasks.flat()];
  });

const deploy: Scene = (random, timeMs) =>
  ['web-1', 'web-2', 'app-1'].flatMap((host, at) => [
    ...accepted(random, [timeMs + at * 9 * SECOND_MS, 'deploy', CI], 'publickey', 6 * SECOND_MS, host),
    ...sudo(timeMs + at * 9 * SECOND_MS + 4 * SECOND_MS, host, 'deploy', '/usr/bin/systemctl restart shop'),
    line(timeMs + at * 9 * SECOND_MS + 5 * SECOND_MS, host, 'systemd[1]', 'Stopping shop.service - Shop...'),
    line(timeMs + at * 9 * SECOND_MS + 6 * SECOND_MS, host, 'systemd[1]', 'Started shop.service - Shop.'),
  ]);

/** A TCP check that says nothing and goes. */
const portCheck: Scene = (random, timeMs) => {
  const write = shell(random, random.pick(HOSTS));
  return [
    write(
      timeMs,
      `Connection closed by ${MONITOR} port ${random.integer(32_768, 60_999)}${random.pick(['', ' [preauth]'])}`,
    ),
  ];
};

const keepAliveLost: Scene = (random, timeMs) => {
  const user = random.pick(PEOPLE);
  const address = addressOf(user, random);
  const write = shell(random, 'bastion');
  return [
    write(timeMs, `Timeout, client not responding from user ${user} ${address} port 50122`),
    write(timeMs, `pam_unix(sshd:session): session closed for user ${user}`),
  ];
};

/** Whoever has a public address is asked this, a few times an hour, by somebody else each time. */
const passingStranger: Scene = (random, timeMs) => {
  const address = stranger(random);
  const port = random.integer(32_768, 60_999);
  const write = shell(random, 'bastion');
  const name = random.pick(['admin', 'test', 'ubuntu', 'oracle', 'user', 'pi', 'git']);
  return random.pick([
    [
      write(timeMs, `Invalid user ${name} from ${address} port ${port}`),
      write(timeMs + SECOND_MS, `Failed password for invalid user ${name} from ${address} port ${port} ssh2`),
      write(timeMs + SECOND_MS, `Connection closed by invalid user ${name} ${address} port ${port} [preauth]`),
    ],
    [write(timeMs, `Connection closed by ${address} port ${port} [preauth]`)],
    [
      write(timeMs, `error: kex_exchange_identification: Connection closed by remote host`),
      write(timeMs, `Connection closed by ${address} port ${port}`),
    ],
    [write(timeMs, `banner exchange: Connection from ${address} port ${port}: invalid format`)],
    [write(timeMs, `Connection reset by authenticating user root ${address} port ${port} [preauth]`)],
  ]);
};

function sudo(timeMs: number, host: string, user: string, command: string): Line[] {
  return [
    line(timeMs, host, 'sudo', `${user.padStart(8)} : TTY=pts/0 ; PWD=/home/${user} ; USER=root ; COMMAND=${command}`),
    line(timeMs, host, 'sudo', `pam_unix(sudo:session): session opened for user root(uid=0) by ${user}(uid=1000)`),
    line(timeMs + 2 * SECOND_MS, host, 'sudo', 'pam_unix(sudo:session): session closed for user root'),
  ];
}

const ADMINISTRATION = [
  '/usr/bin/apt update', '/usr/bin/apt upgrade -y', '/usr/bin/systemctl status nginx', '/usr/bin/systemctl restart php8.3-fpm',
  '/usr/bin/tail -f /var/log/nginx/error.log', '/usr/bin/journalctl -u shop -n 200', '/usr/bin/vim /etc/nginx/sites-available/shop.conf',
  '/usr/sbin/nginx -t', '/usr/bin/du -sh /var/lib/docker', '/usr/bin/docker ps', '/usr/bin/docker compose up -d', '/usr/bin/docker logs -f shop',
  '/usr/bin/certbot renew', '/usr/bin/ss -tlnp', '/usr/bin/lsof -i :443', '/usr/bin/cat /etc/nginx/nginx.conf', '/usr/bin/grep -r server_name /etc/nginx',
  '/usr/bin/chown -R www-data:www-data /var/www/shop', '/usr/bin/chmod 640 /etc/shop/app.env', '/usr/bin/mount /dev/vdb1 /data', '/usr/bin/crontab -l',
  '/usr/bin/tcpdump -i eth0 -c 200 port 5432', '/usr/bin/rsync -a /var/www/ /backup/www/', '/usr/sbin/ufw status', '/usr/bin/htop', '/usr/bin/su - postgres',
  '/usr/bin/rm -rf /var/cache/apt/archives/partial', '/usr/bin/find /var/log -name *.gz -mtime +30 -delete', '/usr/bin/curl -s http://127.0.0.1:8080/healthz',
  '/usr/bin/npm ci', '/usr/bin/git -C /srv/site pull', '/usr/bin/kill -HUP 4211', '/usr/bin/less /var/log/auth.log', '/usr/bin/mysqldump shop --result-file=/backup/shop.sql',
] as const; // biome-ignore format: a list of commands

const administratorWorks: Scene = (random, timeMs) =>
  Array.from({ length: random.integer(1, 6) }, (_, at) =>
    sudo(timeMs + at * 40 * SECOND_MS, random.pick(HOSTS), random.pick(ADMINISTRATORS), random.pick(ADMINISTRATION)),
  ).flat();

const sudoMistyped: Scene = (random, timeMs) => {
  const user = random.pick(ADMINISTRATORS);
  return [
    line(
      timeMs,
      'app-1',
      'sudo',
      `pam_unix(sudo:auth): authentication failure; logname=${user} uid=1000 euid=0 tty=/dev/pts/0 ruser=${user} rhost=  user=${user}`,
    ),
    ...sudo(timeMs + 7 * SECOND_MS, 'app-1', user, '/usr/bin/apt update'),
  ];
};

const toPostgres: Scene = (random, timeMs) => [
  line(timeMs, 'db-1', `su[${random.integer(1000, 9999)}]`, '(to postgres) root on pts/0'),
  line(timeMs, 'db-1', 'su[4402]', 'pam_unix(su-l:session): session opened for user postgres(uid=114) by alice(uid=0)'),
  line(timeMs + 9 * MINUTE_MS, 'db-1', 'su[4402]', 'pam_unix(su-l:session): session closed for user postgres'),
];

const colleagueJoins: Scene = (_random, timeMs) => [
  ...sudo(timeMs, 'bastion', 'alice', '/usr/sbin/adduser jun'),
  line(timeMs + SECOND_MS, 'bastion', 'groupadd[7711]', 'new group: name=jun, GID=1012'),
  line(
    timeMs + SECOND_MS,
    'bastion',
    'useradd[7715]',
    'new user: name=jun, UID=1012, GID=1012, home=/home/jun, shell=/bin/bash, from=/dev/pts/0',
  ),
  line(timeMs + 20 * SECOND_MS, 'bastion', 'passwd[7722]', 'pam_unix(passwd:chauthtok): password changed for jun'),
  line(timeMs + 30 * SECOND_MS, 'bastion', 'chfn[7730]', "changed user 'jun' information"),
  line(timeMs + 60 * SECOND_MS, 'bastion', 'usermod[7741]', "add 'jun' to group 'docker'"),
];

const passwordChanged: Scene = (random, timeMs) => [
  line(timeMs, 'bastion', 'passwd[8100]', `pam_unix(passwd:chauthtok): password changed for ${random.pick(PEOPLE)}`),
];

const cron: Scene = (random, timeMs) => {
  const host = random.pick(HOSTS);
  const [user, command] = random.pick([
    ['root', 'command -v debian-sa1 > /dev/null && debian-sa1 1 1'],
    ['root', '   cd / && run-parts --report /etc/cron.hourly'],
    ['www-data', 'php /var/www/shop/cron.php > /dev/null 2>&1'],
    ['backup', 'rsync -a --delete /srv/ backup@10.0.3.20:/srv/web-1/'],
    [
      'root',
      'test -x /usr/bin/certbot -a \\! -d /run/systemd/system && perl -e "sleep int(rand(43200))" && certbot -q renew',
    ],
    ['postgres', '/usr/local/bin/wal-archive.sh'],
  ] as const);
  const pid = random.integer(1000, 4_000_000);
  return [
    line(timeMs, host, `CRON[${pid}]`, `pam_unix(cron:session): session opened for user ${user}(uid=0) by (uid=0)`),
    line(timeMs, host, `CRON[${pid + 1}]`, `(${user}) CMD (${command})`),
    line(timeMs + SECOND_MS, host, `CRON[${pid}]`, `pam_unix(cron:session): session closed for user ${user}`),
  ];
};

const NOISE = [
  ['systemd[1]', 'Starting apt-daily.service - Daily apt download activities...'], ['systemd[1]', 'Finished logrotate.service - Rotate log files.'],
  ['systemd[1]', 'Started session-4121.scope - Session 4121 of User alice.'], ['systemd[1]', 'fstrim.timer: Deactivated successfully.'],
  ['systemd-timesyncd[511]', 'Timed out waiting for reply from 203.0.113.123:123 (ntp.example).'], ['kernel', '[81234.112] docker0: port 2(veth1ab) entered forwarding state'],
  ['kernel', '[81240.002] TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.'], ['dhclient[702]', 'DHCPREQUEST for 10.0.3.7 on eth0 to 10.0.3.1 port 67'],
  ['systemd-resolved[600]', 'Using degraded feature set UDP instead of UDP+EDNS0 for DNS server 10.0.3.1.'], ['rsyslogd', '[origin software="rsyslogd" swVersion="8.2302.0"] rsyslogd was HUPed'],
  ['dbus-daemon[590]', "[system] Successfully activated service 'org.freedesktop.timedate1'"], ['snapd[833]', 'storehelpers.go:954: cannot refresh: snap has no updates available'],
  ['postfix/smtp[991]', '4F1: to=<orders@shop.example>, relay=mail.example[203.0.113.9]:25, delay=0.4, status=sent (250 ok)'], ['php-fpm[2212]', '[WARNING] [pool www] seems busy (you may need to increase pm.start_servers)'],
  ['systemd[1]', 'certbot.service: Deactivated successfully.'], ['containerd[801]', 'time="2026-11-19T02:00:01Z" level=info msg="shim disconnected" id=9ab'],
] as const; // biome-ignore format: a list of messages

const noise: Scene = (random, timeMs) => {
  const [program, message] = random.pick(NOISE);
  return [line(timeMs, random.pick(HOSTS), program, message)];
};

/** `auth.log` and `syslog` of five machines. */
export const MACHINES: Diary = {
  stream: 'file:/var/log/syslog',
  format: 'syslog',
  share: 0.26,
  occasions: [
    { scene: withKey, hours: [8, 19], perDay: 70 },
    { scene: withPassword, hours: [8, 19], perDay: 45 },
    { scene: mistypedName, hours: [8, 19], perDay: 3 },
    { scene: manyKeys, hours: [9, 18], perDay: 4 },
    { scene: keepAliveLost, hours: [9, 21], perDay: 12 },
    { scene: ansible, perDay: 24 },
    { scene: deploy, hours: [9, 18], perDay: 14 },
    { scene: passingStranger, perDay: 60 },
    { scene: administratorWorks, hours: [9, 19], perDay: 40 },
    { scene: sudoMistyped, hours: [9, 19], perDay: 4 },
    { scene: toPostgres, hours: [9, 19], perDay: 2 },
    { scene: colleagueJoins, hours: [10, 11], perDay: 1 },
    { scene: passwordChanged, hours: [9, 18], perDay: 2 },
    { scene: rsync, weight: 3 },
    { scene: portCheck, weight: 30 },
    { scene: cron, weight: 40 },
    { scene: noise, weight: 30 },
  ],
};
