import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '#model/notification.ts';
import { cutBytes, cutCharacters, harmless, plainText } from './text.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 400 });

describe('text of others in a message', () => {
  it('mentions nobody, opens no tag, and makes no line or link of its own', () => {
    const attack =
      '<@all> <at user_id="all">\n严重: 假的\u202E lmth \u2028 https://evil.example <!channel> www.evil.example';
    expect(harmless(attack)).toBe(
      '＜＠all> ＜at user_id="all"> 严重: 假的 lmth https[:]//evil.example ＜!channel> www[.]evil.example',
    );
  });

  it('is kept as it is when it is harmless', () => {
    for (const text of ['203.0.113.9', '2001:db8::1', 'root', 'C:\\x & y > z', '张三 / 李四', '/var/www/a.php'])
      expect(harmless(text)).toBe(text);
  });

  it('never has a control, an invisible character or a sign that means something, whatever comes in', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const said = harmless(text);
        expect(said).not.toMatch(/[@<\n\r\p{Cc}\p{Cf}]|:\/\//u);
        expect(said.isWellFormed()).toBe(true);
      }),
    );
  });

  it('is harmless however long it is, in time', () => {
    const startedMs = performance.now();
    expect(harmless(`${'www.'.repeat(500_000)}${' '.repeat(500_000)}`).length).toBeLessThan(1_000);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});

describe('cutting', () => {
  it('keeps within the bytes, and never cuts a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 3, max: 300 }), (text, bytes) => {
        const cut = cutBytes(text, bytes);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
        if (cut === text) return;
        expect(cut.endsWith('…')).toBe(true);
        expect(text.startsWith(cut.slice(0, -1))).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });

  it('leaves out a whole letter with its accent, and a whole face with its skin', () => {
    expect(cutBytes('abe\u0301zzz', 6)).toBe('ab…');
    expect(cutBytes(`ab👍🏽${'c'.repeat(10)}`, 9)).toBe('ab…');
    expect(cutCharacters('ab👍🏽cccc', 6)).toBe('ab…');
    expect(cutBytes('警报警报', 9)).toBe('警报…');
    expect(cutBytes('警报警报', 12)).toBe('警报警报');
  });

  it('gives up letters that stack marks without end', () => {
    expect(cutBytes(`a${'\u0301'.repeat(500)}`, 100).length).toBeGreaterThan(10);
  });
});

describe('a message as plain lines', () => {
  const message = (reason: string): Message => ({
    kind: 'alert',
    id: 'm1',
    language: 'zh',
    level: 'high',
    timeMs: 0,
    title: '【望楼】 高危: 暴力破解',
    facts: [{ label: '用户', value: reason }],
    paragraphs: [reason, '先做什么: 封禁'],
    link: 'https://console.example/alerts/a1',
    count: 1,
  });

  it('keeps title and link whatever is between them, within the bytes', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 256, max: 2_048 }), (reason, bytes) => {
        const text = plainText(message(reason), bytes);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bytes);
        expect(text.startsWith('【望楼】 高危: 暴力破解\n')).toBe(true);
        expect(text.endsWith('\nhttps://console.example/alerts/a1')).toBe(true);
        expect(text.match(/https:\/\//g)).toHaveLength(1);
      }),
    );
  });
});
