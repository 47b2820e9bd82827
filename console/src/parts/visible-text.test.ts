import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visiblePieces } from './visible-text.ts';

const shown = (text: string) =>
  visiblePieces(text)
    .map((piece) => (piece.kind === 'control' ? `[${piece.text}]` : piece.text))
    .join('');

test('plain log lines, Chinese and emoji are left as they are', () => {
  const line = 'Nov 20 03:11:01 web-1 sshd[411]: Failed password for 张三 from 203.0.113.9 port 50122 ssh2 🔥';
  expect(visiblePieces(line)).toEqual([{ kind: 'text', text: line }]);
});

test('an escape sequence that would colour or clear a terminal is shown', () => {
  expect(shown('user \x1b[2J\x1b[31mroot')).toBe('user [ESC][2J[ESC][31mroot');
});

test('a forged line break cannot start a new line', () => {
  expect(shown('root\nNov 20 sshd: Accepted password\r')).toBe('root[LF]Nov 20 sshd: Accepted password[CR]');
});

test('marks that turn the direction of writing are named', () => {
  expect(shown('photo\u202egpj.exe')).toBe('photo[U+202E]gpj.exe');
  expect(shown('a\u200bb\ufeff')).toBe('a[U+200B]b[U+FEFF]');
});

test('markup is only text, never touched', () => {
  expect(shown('<img src=x onerror=alert(1)>&amp;')).toBe('<img src=x onerror=alert(1)>&amp;');
});

test('whatever comes in, no hidden character is left in a text piece and no visible one is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const pieces = visiblePieces(text);
      const texts = pieces.filter(({ kind }) => kind === 'text').map((piece) => piece.text);
      expect(texts.every((shown) => shown !== '' && visiblePieces(shown).length === 1)).toBe(true);
      expect(texts.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      const controls = pieces.filter(({ kind }) => kind === 'control').length;
      expect([...texts.join('')].length + controls).toBe([...text].length);
    }),
  );
});
