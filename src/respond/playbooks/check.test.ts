import { describe, expect, test } from 'vitest';

import { canRun, checkPlaybook } from './check.ts';
import { EXTENSIONS } from './extensions.ts';
import type { Playbook } from './model.ts';
import { AGENT, automatic, makePlaybook, manual, stepId } from './testing/make-playbook.ts';

const START = stepId('start', 1);
const END = stepId('end', 9);
const ACT = stepId('action', 2);
const OTHER = stepId('action', 3);
const end = { type: 'end' };
const ADDRESS = { __address__: { type: 'ipv4-addr', external: true } };

/** Start, one step, end. */
const around = (step: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): Playbook =>
  makePlaybook(
    { [START]: { type: 'start', on_completion: ACT }, [ACT]: { on_completion: END, ...step }, [END]: end },
    { playbook_variables: ADDRESS, ...more },
  );
const problemsOf = (playbook: Playbook) => checkPlaybook(playbook).map(({ problem }) => problem);

describe('a sound playbook', () => {
  test('has no problems', () => {
    expect(checkPlaybook(around(automatic('block', { address: '__address__:value', for_seconds: '3600' })))).toEqual(
      [],
    );
    expect(checkPlaybook(around(manual('look at __address__:value')))).toEqual([]);
  });
});

describe('the way through a playbook', () => {
  test('must not lead back to itself', () => {
    const playbook = makePlaybook({
      [START]: { type: 'start', on_completion: ACT },
      [ACT]: manual('a', { on_success: OTHER, on_failure: END }),
      [OTHER]: manual('b', { on_completion: ACT }),
      [END]: end,
    });
    expect(checkPlaybook(playbook)).toMatchObject([
      { severity: 'invalid', step: OTHER, problem: `on_completion leads back to ${ACT}: a cycle` },
    ]);
  });

  test('may come together again behind branches', () => {
    const playbook = makePlaybook(
      {
        [START]: { type: 'start', on_completion: ACT },
        [ACT]: manual('a', { on_success: OTHER, on_failure: OTHER }),
        [OTHER]: manual('b', { on_completion: END }),
        [END]: end,
      },
      {},
    );
    expect(checkPlaybook(playbook)).toEqual([]);
  });

  test('must lead to steps that are there, and to every one', () => {
    const playbook = makePlaybook({
      [START]: { type: 'start', on_completion: ACT },
      [ACT]: manual('a', { on_completion: stepId('action', 77) }),
      [END]: end,
    });
    expect(checkPlaybook(playbook)).toMatchObject([
      { step: ACT, problem: `on_completion names ${stepId('action', 77)}, which is no step` },
      { step: END, problem: 'no way leads to this step' },
    ]);
  });

  test('must go on behind each step, but for the end', () => {
    expect(problemsOf(around({ ...manual('a'), on_completion: undefined }))).toContain(
      'neither on_completion nor on_success',
    );
    const both = around(manual('a', { on_success: END }));
    expect(problemsOf(both)).toContain('on_completion beside on_success or on_failure');
  });

  test('is walked without recursion: five hundred steps in a row, twenty levels of branches', () => {
    const ids = Array.from({ length: 498 }, (_, place) => stepId('action', place + 10));
    const row = Object.fromEntries(ids.map((id, place) => [id, manual('a', { on_completion: ids[place + 1] ?? END })]));
    const long = makePlaybook({ [START]: { type: 'start', on_completion: ids[0] }, ...row, [END]: end });
    expect(checkPlaybook(long)).toEqual([]);
    const ifs = Array.from({ length: 20 }, (_, place) => stepId('if-condition', place + 10));
    const nested = Object.fromEntries(
      ifs.map((id, place) => [
        id,
        { type: 'if-condition', condition: '1 = 1', on_true: ifs[place + 1] ?? END, on_completion: END },
      ]),
    );
    const deep = makePlaybook({ [START]: { type: 'start', on_completion: ifs[0] }, ...nested, [END]: end });
    expect(problemsOf(deep)).toContain('branches nested deeper than 16');
  });
});

describe('variables', () => {
  test('must be declared wherever they are named', () => {
    expect(problemsOf(around(manual('look at __nobody__:value')))).toEqual(['__nobody__ is not declared']);
    expect(problemsOf(around(manual('look', { out_args: ['__nobody__'] })))).toEqual(['__nobody__ is not declared']);
    expect(problemsOf(around(automatic('notify', { message: 'see __nobody__:value' })))).toEqual([
      '__nobody__ is not declared',
    ]);
    const condition = { type: 'if-condition', condition: '__nobody__:value = 1', on_true: END };
    expect(
      problemsOf(
        makePlaybook({
          [START]: { type: 'start', on_completion: stepId('if-condition', 2) },
          [stepId('if-condition', 2)]: { ...condition, on_completion: END },
          [END]: end,
        }),
      ),
    ).toEqual(['__nobody__ is not declared']);
  });

  test('must have values of their type', () => {
    const variables = { __address__: { type: 'ipv4-addr', value: '203.0.113.9; reboot' } };
    expect(problemsOf(around(manual('a'), { playbook_variables: variables }))).toEqual([
      'the value of __address__ is no ipv4-addr',
    ]);
  });
});

describe('commands', () => {
  const spliced = (type: string, command: object) =>
    checkPlaybook(around({ type: 'action', agent: AGENT, commands: [{ type, ...command }] }));

  test.each(['bash', 'ssh', 'powershell'])('of %s must not be put together from values', (type) => {
    const [problem] = spliced(type, { command: 'iptables -A INPUT -s __address__:value -j DROP' });
    expect(problem).toMatchObject({ severity: 'invalid', step: ACT });
    expect(problem?.problem).toContain(`would become part of a ${type} command`);
  });

  test('must not be put together from values in base64 either', () => {
    const command_b64 = Buffer.from('touch "__address__:value"').toString('base64');
    expect(spliced('bash', { command_b64 })[0]?.problem).toContain('would become part of a bash command');
    expect(spliced('bash', { command_b64: '***' })[0]).toMatchObject({ severity: 'invalid' });
  });

  test('of HTTP must not take values into headers or the request line', () => {
    const header = spliced('http-api', { command: 'GET / HTTP/1.1', headers: { 'X-From': ['__address__:value'] } });
    expect(header[0]?.problem).toContain('would become part of the headers of a request');
    const line = spliced('http-api', { command: 'GET /__address__:value HTTP/1.1' });
    expect(line[0]?.problem).toContain('would become part of the command of a request');
    const content = spliced('http-api', { command: 'POST / HTTP/1.1', content: '{"a":"__address__:value"}' });
    expect(content.map(({ severity }) => severity)).toEqual(['unsupported']);
  });

  test('that nobody here can carry out are said to be so, with what can be used', () => {
    expect(spliced('bash', { command: 'ls' })).toMatchObject([{ severity: 'unsupported', step: ACT }]);
    expect(spliced('pong', {})).toMatchObject([{ problem: 'the command type pong is unknown' }]);
    expect(canRun(spliced('pong', {}))).toBe(false);
  });
});

describe('automatic steps', () => {
  test('name an action that is offered, with its arguments and no others', () => {
    expect(problemsOf(around(automatic('explode', {})))).toEqual(['the action explode is not offered']);
    expect(problemsOf(around(automatic('block', {})))).toEqual(['block needs address']);
    expect(problemsOf(around(automatic('block', { address: '__address__:value', flags: '-F' })))).toEqual([
      'block takes no flags',
    ]);
  });

  test('take an address as one value, never put together', () => {
    expect(problemsOf(around(automatic('block', { address: '__address__:value/8' })))).toEqual([
      'address is put together from pieces',
    ]);
    expect(problemsOf(around(automatic('block', { address: '203.0.113.9; reboot' })))[0]).toContain(
      'is not an address',
    );
    const variables = { playbook_variables: { __when__: { type: 'uri', external: true } } };
    expect(problemsOf(around(automatic('block', { address: '__when__:value' }), variables))[0]).toContain(
      'a variable of type uri is not an address',
    );
  });

  test('that cannot be undone do not promise it', () => {
    expect(problemsOf(around(automatic('notify', { message: 'hello' }, {}, { undo_on_failure: true })))).toEqual([
      'notify cannot be undone',
    ]);
  });
});

describe('approval', () => {
  const approval = { needed: 2, expires_seconds: 3600, question: { zh: '封禁吗？', en: 'Block?' } };
  const asking = (value: object) => manual('ask', { step_extensions: { [EXTENSIONS.approval]: value } });

  test('is an extension that has to be defined', () => {
    expect(checkPlaybook(around(asking(approval)))).toEqual([]);
    expect(problemsOf(around(asking(approval), { extension_definitions: undefined }))).toEqual([
      `${EXTENSIONS.approval} is not defined`,
    ]);
  });

  test('by nobody, for ever or without a question is none', () => {
    expect(problemsOf(around(asking({ ...approval, needed: 0 })))[0]).toContain('needed');
    expect(problemsOf(around(asking({ needed: 1, expires_seconds: 3600 })))[0]).toContain('question');
    expect(problemsOf(around(asking({ ...approval, expires_seconds: 1e9 })))[0]).toContain('expires_seconds');
  });
});

describe('playbooks that call others', () => {
  const caller = (id: number, called: number) =>
    makePlaybook(
      {
        [START]: { type: 'start', on_completion: stepId('playbook-action', 2) },
        [stepId('playbook-action', 2)]: {
          type: 'playbook-action',
          playbook_id: stepId('playbook', called),
          on_completion: END,
        },
        [END]: end,
      },
      { id: stepId('playbook', id) },
    );

  test('must not come back to themselves', () => {
    const all = [caller(1, 2), caller(2, 3), caller(3, 1)];
    const others = new Map(all.map((playbook) => [playbook.id, playbook]));
    for (const playbook of all)
      expect(checkPlaybook(playbook, { actions: new Map(), others })).toMatchObject([
        { problem: 'it calls itself, directly or through others' },
      ]);
  });

  test('need them at hand', () => {
    expect(checkPlaybook(caller(1, 2))).toMatchObject([{ severity: 'unsupported' }]);
  });
});
