import { Command, CommanderError, Option } from 'commander';
import { BartizanError, toBartizanError } from '#kit/errors.ts';
import { RESPOND_MODES } from '#model/action.ts';
import { LEVELS } from '#model/alert.ts';
import { SOURCE_FORMATS } from '#model/event.ts';
import { VERDICTS } from '#model/finding.ts';
import { CHANNEL_KINDS } from '#model/notification.ts';
import { FINDING_FORMATS } from './findings/format.ts';
import { VERSION } from './version.ts';

/**
 * The command line. Exit 0 clean, 1 findings or alerts at or above `--fail-on`, 2 wrong use or unreadable input, with
 * one clear line on standard error. Commands are loaded when they are called: `--help` must not wait for a database.
 */
export const EXIT = { clean: 0, found: 1, wrongUse: 2 } as const;

const program = new Command('bartizan')
  .description('Bartizan (望楼): watch → detect → trace → respond → audit')
  .version(VERSION)
  .exitOverride()
  .configureOutput({ writeErr: () => undefined });

const data = () =>
  new Option(
    '--data <dir>',
    'the data folder of the centre (default: /var/lib/bartizan, or ~/.local/share/bartizan without root)',
  );

program
  .command('up')
  .description('run the centre: console, ingest, detection, response')
  .option('--demo', 'also replay the bundled attack day, marked as demonstration')
  .addOption(data())
  .option('--listen <host:port>', 'where the console answers', '127.0.0.1:8787')
  .addOption(new Option('--respond <mode>', 'what happens to an attacker’s address').choices([...RESPOND_MODES]))
  .option('--watch <file[:format]>', 'watch this file too, from its beginning', collect, [])
  .option('--only', 'watch only what --watch and --syslog-* name, not what is found on this machine')
  .option('--rules <dir>', 'Sigma rules of your own, beside the bundled ones', collect, [])
  .option('--state <url>', 'postgres://… for the state instead of the data folder')
  .option('--syslog-udp <host:port>', 'take syslog over UDP')
  .option('--syslog-tcp <host:port>', 'take syslog over TCP')
  .option('--syslog-tls <host:port>', 'take syslog over TLS (with --tls-cert and --tls-key)')
  .option('--tls-cert <file>', 'certificate (PEM)')
  .option('--tls-key <file>', 'private key (PEM)')
  .option('--tls-ca <file>', 'take syslog over TLS only from senders with a certificate of these authorities (PEM)')
  .option('--nft <command>', 'how to run nft, e.g. "ip netns exec NAME nft"')
  .action(async (options) => (await import('./up.ts')).up(options));

program
  .command('analyze')
  .description('detection over files, or over what a centre has stored; `-` reads standard input')
  .argument('[file...]')
  .addOption(
    new Option('--source <format>', 'the format, where guessing from the first lines is wrong').choices([
      ...SOURCE_FORMATS,
    ]),
  )
  .option('--rules <dir>', 'Sigma rules of your own, beside the bundled ones', collect, [])
  .addOption(
    new Option('--format <format>', 'how alerts are printed').choices(['ndjson', 'json', 'table']).default('ndjson'),
  )
  .addOption(new Option('--fail-on <level>', 'exit 1 when an alert is at or above').choices([...LEVELS]).default('low'))
  .addOption(new Option('--lang <language>', 'of reasons and advice').choices(['zh', 'en']))
  .option('--data [dir]', 'over the journal of this data folder: the alerts that its centre raised, byte for byte')
  .option('--since <time>', 'with --data: alerts that began then or later, such as 1d, 12h or 2026-11-01')
  .option('--until <time>', 'with --data: alerts that began before')
  .action(async (files, options) => (await import('./analyze.ts')).analyze(files, options));

program
  .command('scan')
  .description('infrastructure as code: Terraform (code, plan, state), ROS, CloudFormation, Kubernetes, Dockerfile')
  .argument('<path...>')
  .addOption(
    new Option('--format <format>', 'how findings are printed (default: table on a terminal, else ndjson)').choices([
      ...FINDING_FORMATS,
    ]),
  )
  .addOption(
    new Option('--fail-on <level>', 'exit 1 when a failed check is at or above').choices([...LEVELS]).default('low'),
  )
  .option('--check <id>', 'only this check', collect, [])
  .option('--framework <id>', 'only checks that a framework or a policy template asks for')
  .option('--checks <dir>', 'checks of your own, beside the bundled ones', collect, [])
  .addOption(
    new Option('--verdict <verdict...>', 'which verdicts are shown, instead of those that the format shows').choices([
      ...VERDICTS,
    ]),
  )
  .addOption(new Option('--lang <language>', 'of titles and advice').choices(['zh', 'en']))
  .option(
    '--fix',
    'print a patch for what can be mended in Terraform code, tried beforehand; nothing is changed. It holds lines of your code, so mind what stands in them',
  )
  .option(
    '--fix-anew',
    'the same, also where Terraform then builds a resource anew: its data is lost unless copied before',
  )
  .option('--record', 'give the result to the running centre: its score, frameworks and road map are made of it')
  .addOption(data())
  .action(async (paths, options) => (await import('./scan.ts')).scan(paths, options));

program
  .command('report')
  .description('a framework or policy template, clause by clause, from the running centre’s last scans or from code')
  .argument('<framework>', 'such as djbp-2.0-level-2, pipl, cis-alibaba-cloud, shop-small')
  .argument('[path...]', 'infrastructure code to scan for it; without any the running centre is asked')
  .requiredOption('--out <file>', 'where it is written; the ending says the format: .html, .csv, .json')
  .addOption(new Option('--lang <language>', 'of the report').choices(['zh', 'en']))
  .addOption(data())
  .action(async (framework, paths, options) => (await import('./report.ts')).report(framework, paths, options));

const rules = program.command('rules').description('validate and test detection rules');
for (const [name, description] of [
  ['check', 'validate with the parser that runs them'],
  ['test', 'run the cases beside the rules'],
] as const) {
  rules
    .command(name)
    .description(description)
    .argument('<dir...>')
    .action(async (folders: string[]) => (await import('./rules-command.ts')).rulesCommand(name, folders));
}
rules
  .command('bench')
  .description('measure rules on events, and the bundled rules on log lines, per second of CPU')
  .argument('<dir...>')
  .option('--events <path>', 'JSON events; regression_data beside the rules if not said', collect, [])
  .action(async (folders: string[], options) =>
    (await import('./rules-command.ts')).rulesBenchCommand(folders, options),
  );

rules
  .command('reload')
  .description(
    'have the running centre read its rules anew: tried on the last minutes, then swapped; exit 1 when they have problems',
  )
  .addOption(data())
  .action(async (options) => (await import('./rules-reload.ts')).reloadRules(options));

program
  .command('hunt')
  .description('run rules over what the running centre has stored: what they would have found; no alert, no response')
  .argument('<rule...>', 'name of a rule, or a file with new or changed ones')
  .option('--since <time>', 'how far back, such as 7d, 12h, 30m or 2026-11-01; all of it if not said')
  .addOption(data())
  .action(async (names, options) => (await import('./hunt.ts')).hunt(names, options));

const cloud = program.command('cloud').description('live accounts');

cloud
  .command('scan')
  .description(
    'read a live account as far as the checks need it; credentials come from the environment or the standard chain',
  )
  .addOption(
    new Option('--provider <name>', 'whose account (read so far: alicloud, aws)')
      .choices(['alicloud', 'aws', 'azurerm', 'google', 'tencentcloud', 'huaweicloud'])
      .makeOptionMandatory(),
  )
  .option('--region <region>', 'only this region; all that the account may use if not said', collect, [])
  .option('--print-policy', 'print the least policy that the scan needs, and do nothing')
  .addOption(
    new Option('--format <format>', 'how findings are printed (default: table on a terminal, else ndjson)').choices([
      ...FINDING_FORMATS,
    ]),
  )
  .addOption(
    new Option('--fail-on <level>', 'exit 1 when a failed check is at or above').choices([...LEVELS]).default('low'),
  )
  .option('--checks <dir>', 'checks of your own, beside the bundled ones', collect, [])
  .addOption(
    new Option('--verdict <verdict...>', 'which verdicts are shown, instead of those that the format shows').choices([
      ...VERDICTS,
    ]),
  )
  .addOption(new Option('--lang <language>', 'of titles and advice').choices(['zh', 'en']))
  .option('--progress <file>', 'where it is kept how far the scan came, for a second run to go on')
  .option('--no-progress', 'keep nothing')
  .option('--record', 'give the result to the running centre: its score, frameworks and road map are made of it')
  .addOption(data())
  .addOption(new Option('--endpoint-base <url>', 'ask this server instead of the provider: for simulations').hideHelp())
  .action(async (options) => (await import('./cloud-scan.ts')).cloudScan(options));

cloud
  .command('repair')
  .description(
    'mend what a recorded scan of a live account found, through the running centre: its approval, its evidence, its undo',
  )
  .argument('[finding...]', 'CHECK/RESOURCE, as the scan named them: oss-bucket-not-public/shop-photos')
  .option('--dry-run', 'show what would be asked of the provider, and whom it reaches; change nothing (the default)')
  .option('--ask', 'leave it to somebody else to approve, in the console')
  .option('--apply', 'do it, with the role for repairs, and run the check again')
  .option('--undo', 'put back what was there before')
  .option('--force', 'undo even where somebody changed it since')
  .option('--account <id>', 'whose, where several accounts have one of that name')
  .option('--print-policy', 'print the least policy of the role for repairs, and do nothing')
  .addOption(
    new Option('--provider <name>', 'whose policy is printed').choices(['alicloud', 'aws']).default('alicloud'),
  )
  .addOption(new Option('--lang <language>', 'of what it says about the effects').choices(['zh', 'en']))
  .addOption(data())
  .action(async (findings, options) => (await import('./cloud-repair.ts')).cloudRepair(findings, options));

for (const [name, description] of [
  ['block', 'drop all traffic from an address in the kernel, with the same guard and evidence as in the console'],
  ['unblock', 'undo a block'],
] as const) {
  const command = program
    .command(name)
    .description(description)
    .argument('<target>', 'IP address or CIDR range')
    .addOption(data());
  if (name === 'block')
    command.option('--for <minutes>', 'how long', '60').option('--dry-run', 'say what would be done, and do nothing');
  command.action(async (target, options) => (await import('./respond.ts'))[name](target, options));
}

program
  .command('drill')
  .description('a harmless attack on your own running centre: seen → alert → block (dry run) → evidence, timed')
  .addOption(data())
  .action(async (options) => (await import('./respond.ts')).drill(options));

const notify = program.command('notify').description('who is told of alerts: channels and test messages');
notify
  .command('add')
  .description('make a channel; its address (webhook) and, on a second line, its secret are read from standard input')
  .argument('<name>')
  .addOption(new Option('--kind <kind>', 'whose channel').choices([...CHANNEL_KINDS]).makeOptionMandatory())
  .addOption(new Option('--level <level>', 'alerts at or above').choices([...LEVELS]).default('high'))
  .addOption(new Option('--lang <language>', 'of its messages').choices(['zh', 'en']))
  .option('--console-url <url>', 'where readers of its messages reach the console')
  .option('--allow-private', 'let it reach loopback and private addresses')
  .addOption(data())
  .action(async (name, options) => (await import('./notify.ts')).addChannel(name, options));
for (const [name, description] of [
  ['test', 'send a test message and wait for the provider’s answer'],
  ['remove', 'delete a channel, with what waits for it'],
] as const)
  notify
    .command(name)
    .description(description)
    .argument('<channel>', 'name or id')
    .addOption(data())
    .action(async (channel, options) => (await import('./notify.ts'))[`${name}Channel`](channel, options));
notify
  .command('list')
  .description('channels, what waits for them, and messages that were given up')
  .addOption(data())
  .action(async (options) => (await import('./notify.ts')).listChannels(options));

const playbooks = program.command('playbooks').description('response procedures in CACAO 2.0');
playbooks
  .command('check')
  .description('validate; exit 1 when one cannot be run here, 2 when one is not valid')
  .argument('[path...]', 'folders or files; the bundled ones if not said')
  .action(async (paths: string[]) => (await import('./playbooks.ts')).checkPlaybooks(paths));
playbooks
  .command('list')
  .description('the playbooks at hand; `!` marks those that cannot be run here')
  .addOption(
    new Option('--format <format>', 'how they are printed').choices(['table', 'json', 'ndjson']).default('table'),
  )
  .addOption(new Option('--lang <language>', 'of the titles').choices(['zh', 'en']))
  .option('--playbooks <dir>', 'playbooks of your own, beside the bundled ones', collect, [])
  .action(async (options) => (await import('./playbooks.ts')).listPlaybooks(options));
playbooks
  .command('run')
  .description('with --dry-run: every step of a playbook, what it would be given and reach; nothing is done')
  .argument('<playbook>', 'its identifier, or its short name such as brute-force')
  .option('--dry-run', 'say what would be done, and do nothing')
  .option('--set <name=value>', 'the value of a variable', collect, [])
  .addOption(
    new Option('--format <format>', 'how steps are printed').choices(['table', 'json', 'ndjson']).default('table'),
  )
  .addOption(new Option('--lang <language>', 'of the steps').choices(['zh', 'en']))
  .option('--playbooks <dir>', 'playbooks of your own, beside the bundled ones', collect, [])
  .action(async (name, options) => (await import('./playbooks.ts')).runPlaybook(name, options));

program
  .command('log')
  .description('the evidence log')
  .command('verify')
  .description('verify the evidence log, or a copied folder of it, offline')
  .argument('[folder]')
  .option('--checkpoint <file>', 'an older checkpoint that you trust: the log must have grown from it')
  .option('--key <file>', 'the verifier key that you trust, instead of the one beside the log')
  .addOption(data())
  .action(async (folder, options) => (await import('./log.ts')).verify(folder, options));

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** `bartizan rules` alone: which commands there are. */
function missingCommand(argv: readonly string[]): string {
  const group = program.commands.find((command) => command.name() === argv[0]) ?? program;
  const name = group === program ? './bartizan' : `./bartizan ${group.name()}`;
  const names = group.commands.map((command) => command.name());
  return `error: ${name} needs a command: ${names.join(', ')}. See \`./bartizan --help\`.`;
}

/** Runs one command line and answers the exit code; whatever goes wrong is one line on standard error. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? EXIT.clean);
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return EXIT.clean;
      const line = thrown.code === 'commander.help' ? missingCommand(argv) : thrown.message.replace(/\s+/g, ' ');
      process.stderr.write(`${line}\n`);
      return EXIT.wrongUse;
    }
    const error = thrown instanceof BartizanError ? thrown : toBartizanError(thrown);
    process.stderr.write(`${error.code}: ${error.message} ${error.remedy}\n`);
    return EXIT.wrongUse;
  }
}

/** Whoever reads our output may go (`| head`). A centre runs on without; every other command has nobody to work for. */
function onOutputGone({ code }: NodeJS.ErrnoException): void {
  if (process.argv[2] !== 'up' && code === 'EPIPE') process.exit();
}

if (import.meta.main) {
  process.stdout.on('error', onOutputGone);
  process.stderr.on('error', onOutputGone);
  process.exitCode = await run(process.argv.slice(2));
}
