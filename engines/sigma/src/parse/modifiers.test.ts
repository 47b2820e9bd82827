import { describe, expect, it } from 'vitest';
import { finds } from '../../test/one-rule.ts';

describe('modifiers', () => {
  it('contains, startswith and endswith place a value without regard to case', () => {
    expect(finds({ 'a|contains': 'Cmd' }, { a: 'x CMD.exe' })).toBe(true);
    expect(finds({ 'a|startswith': 'cmd' }, { a: 'CMD.exe' })).toBe(true);
    expect(finds({ 'a|endswith': '\\cmd.exe' }, { a: 'C:\\Windows\\CMD.EXE' })).toBe(true);
    expect(finds({ 'a|endswith': '\\cmd.exe' }, { a: 'C:\\Windows\\CMD.EXE.bak' })).toBe(false);
    expect(finds({ a: 'cmd' }, { a: 'cmd.exe' })).toBe(false);
  });

  it('all needs every value, also with several in one element of a list', () => {
    expect(finds({ 'a|contains|all': ['-x', '-y'] }, { a: 'run -y -x' })).toBe(true);
    expect(finds({ 'a|contains|all': ['-x', '-y'] }, { a: 'run -y' })).toBe(false);
    expect(finds({ 'a|contains|all': ['-x', '-y'] }, { a: ['run -y', '-x'] })).toBe(true);
  });

  it('cased regards case and neq turns the answer round', () => {
    expect(finds({ 'a|contains|cased': 'Cmd' }, { a: 'my Cmd' })).toBe(true);
    expect(finds({ 'a|contains|cased': 'Cmd' }, { a: 'my cmd' })).toBe(false);
    expect(finds({ 'a|neq': ['x', 'y'] }, { a: 'z' })).toBe(true);
    expect(finds({ 'a|neq': ['x', 'y'] }, { a: 'Y' })).toBe(false);
    expect(finds({ 'a|neq': 1 }, { a: '1' })).toBe(false);
  });

  it('re is found anywhere, regards case unless i, and knows m and s', () => {
    expect(finds({ 'a|re': 'b+c' }, { a: 'abbbcd' })).toBe(true);
    expect(finds({ 'a|re': 'B+c' }, { a: 'abbbcd' })).toBe(false);
    expect(finds({ 'a|re|i': 'B+c' }, { a: 'abbbcd' })).toBe(true);
    expect(finds({ 'a|re': '^c$' }, { a: 'a\nc\nd' })).toBe(false);
    expect(finds({ 'a|re|m': '^c$' }, { a: 'a\nc\nd' })).toBe(true);
    expect(finds({ 'a|re': 'a.c' }, { a: 'a\nc' })).toBe(false);
    expect(finds({ 'a|re|s': 'a.c' }, { a: 'a\nc' })).toBe(true);
  });

  it('cidr knows both families and addresses of one inside the other', () => {
    expect(finds({ 'a|cidr': '10.0.0.0/8' }, { a: '10.200.3.4' })).toBe(true);
    expect(finds({ 'a|cidr': '10.0.0.0/8' }, { a: '11.0.0.1' })).toBe(false);
    expect(finds({ 'a|cidr': '10.0.0.0/8' }, { a: '::ffff:10.1.2.3' })).toBe(true);
    expect(finds({ 'a|cidr': ['fe80::/10', '2001:db8::/33'] }, { a: '2001:DB8:7fff::1' })).toBe(true);
    expect(finds({ 'a|cidr': '2001:db8::/33' }, { a: '2001:db8:8000::1' })).toBe(false);
    expect(finds({ 'a|cidr': '0.0.0.0/0' }, { a: 'not an address' })).toBe(false);
    expect(finds({ 'a|cidr': '192.168.1.130/25' }, { a: '192.168.1.129' })).toBe(true);
  });

  it('base64 and base64offset find what a longer text shows when encoded', () => {
    const hidden = (before: string): string => Buffer.from(`${before}/bin/bash -c id`).toString('base64');
    expect(finds({ 'a|base64|contains': '/bin/bash' }, { a: Buffer.from('/bin/bash').toString('base64') })).toBe(true);
    for (const before of ['', 'x', 'xy', 'xyz'])
      expect(finds({ 'a|base64offset|contains': '/bin/bash' }, { a: `echo ${hidden(before)}` })).toBe(true);
    expect(finds({ 'a|base64offset|contains': '/bin/dash' }, { a: `echo ${hidden('')}` })).toBe(false);
  });

  it('wide, utf16le, utf16be and utf16 encode before Base64 does', () => {
    const encoded = (encoding: 'utf16le' | 'latin1', text: string): string =>
      Buffer.from(text, encoding).toString('base64');
    const command = `powershell -enc ${encoded('utf16le', 'x IEX (New-Object')}`;
    expect(finds({ 'a|wide|base64offset|contains': 'IEX (' }, { a: command })).toBe(true);
    expect(finds({ 'a|utf16le|base64offset|contains': 'iex [' }, { a: command })).toBe(false);
    expect(finds({ 'a|utf16be|base64': 'ab' }, { a: encoded('latin1', '\0a\0b') })).toBe(true);
    expect(finds({ 'a|utf16|base64': 'ab' }, { a: encoded('latin1', '\u00ff\u00fea\0b\0') })).toBe(true);
  });

  it('windash takes any dash or slash that begins a word', () => {
    for (const dash of ['-', '/', '–', '—', '―'])
      expect(finds({ 'a|contains|windash': ' -foo ' }, { a: `run ${dash}foo now` })).toBe(true);
    expect(finds({ 'a|contains|windash': ' -a -b' }, { a: 'run /a –b' })).toBe(true);
    expect(finds({ 'a|contains|windash': ' -foo ' }, { a: 'run +foo now' })).toBe(false);
    expect(finds({ 'a|contains|windash': 'a-b' }, { a: 'a/b' })).toBe(false);
  });

  it('fieldref compares two fields of the event', () => {
    expect(finds({ 'a|fieldref': 'b' }, { a: 'Root', b: 'root' })).toBe(true);
    expect(finds({ 'a|fieldref|startswith': 'b' }, { a: 'rooted', b: 'root' })).toBe(true);
    expect(finds({ 'a|fieldref': 'b' }, { a: 'root' })).toBe(false);
    expect(finds({ 'a|fieldref|neq': 'b' }, { a: 'root', b: 'adm' })).toBe(true);
  });

  it('exists asks for the key, null for the value', () => {
    expect(finds({ 'a|exists': true }, { a: '' })).toBe(true);
    expect(finds({ 'a|exists': false }, { a: '' })).toBe(false);
    expect(finds({ 'a|exists': false }, { b: 1 })).toBe(true);
    expect(finds({ a: null }, { a: null })).toBe(true);
    expect(finds({ a: null }, {})).toBe(true);
    expect(finds({ a: null }, { a: '' })).toBe(false);
    expect(finds({ a: '' }, { a: '' })).toBe(true);
    expect(finds({ a: '' }, {})).toBe(false);
  });

  it('lt, lte, gt and gte compare numbers, in texts too, and nothing else', () => {
    expect(finds({ 'a|gte': 10 }, { a: '10' })).toBe(true);
    expect(finds({ 'a|gt': 10 }, { a: 10 })).toBe(false);
    expect(finds({ 'a|lt': 10 }, { a: 9.5 })).toBe(true);
    expect(finds({ 'a|lte': 0 }, { a: '' })).toBe(false);
    expect(finds({ 'a|lt': 10 }, { a: 'nine' })).toBe(false);
  });

  it('time parts read the date as it is written', () => {
    const event = { t: '2025-12-29T23:05:00+08:00' };
    for (const [part, value] of Object.entries({ minute: 5, hour: 23, day: 29, week: 1, month: 12, year: 2025 })) {
      expect(finds({ [`t|${part}`]: value }, event)).toBe(true);
      expect(finds({ [`t|${part}`]: value + 1 }, event)).toBe(false);
    }
    expect(finds({ 't|hour|gte': 22 }, event)).toBe(true);
    expect(finds({ 't|hour': 1 }, { t: 'yesterday' })).toBe(false);
  });

  it('expand puts in the values that are known and refuses the rule otherwise', () => {
    const known = { admins: ['root', 'adm_*'], 100: ['x'] };
    expect(finds({ 'a|expand': '%admins%' }, { a: 'adm_li' }, known)).toBe(true);
    expect(finds({ 'a|contains|expand': 'by %admins%!' }, { a: 'done by root!' }, known)).toBe(true);
    expect(finds({ 'a|expand': '%admins%' }, { a: 'guest' }, known)).toBe(false);
    expect(finds({ 'a|expand': '\\%admins\\%' }, { a: '%admins%' }, known)).toBe(true);
    expect(finds({ a: '%admins%' }, { a: '%admins%' })).toBe(true);
    expect(() => finds({ 'a|expand': '%toString%' }, {}, known)).toThrow(
      'nothing is known for the placeholder %toString%',
    );
  });

  it('refuses what is unknown or contradicts itself, and says what to write', () => {
    expect(() => finds({ 'a|containz': 'x' }, {})).toThrow(/modifier “containz” is unknown Known are: contains/);
    expect(() => finds({ 'a|contains|endswith': 'x' }, {})).toThrow('contradicts');
    expect(() => finds({ 'a|re|cidr': 'x' }, {})).toThrow('does not go with');
    expect(() => finds({ 'a|base64': 'x*' }, {})).toThrow('wildcard cannot be encoded');
    expect(() => finds({ 'a|i': 'x' }, {})).toThrow('without “re”');
    expect(() => finds({ 'a|gt': 'ten' }, {})).toThrow('takes a number');
    expect(() => finds({ 'a|cidr': '10.0.0.0/33' }, {})).toThrow('is not a network');
  });
});
