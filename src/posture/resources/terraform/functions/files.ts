import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { unknown } from '#model/resource.ts';
import { type Cell, failed, textOf } from '../evaluate/value.ts';
import { deep, type FunctionContext, type FunctionTable, onTexts, shallow, type TerraformFunction } from './define.ts';

/** Functions on files. Only files of the scanned tree are seen; any other is unknown, never a mistake of the code. */
export const FILE_FUNCTIONS: FunctionTable = {
  abspath: onTexts((path = '') => posix.normalize(path)),
  basename: onTexts((path = '') => posix.basename(path)),
  dirname: onTexts((path = '') => posix.dirname(path)),
  file: onFile((text) => text),
  filebase64: onFile((text) => Buffer.from(text).toString('base64')),
  filebase64sha256: onFile((text) => createHash('sha256').update(text).digest('base64')),
  filebase64sha512: onFile((text) => createHash('sha512').update(text).digest('base64')),
  fileexists: deep(([path], context) => context.readFile(textOf(path ?? null) ?? '') !== undefined || UNREAD),
  filemd5: onFile((text) => createHash('md5').update(text).digest('hex')),
  fileset: deep(() => unknown('fileset lists files, which a scan does not')),
  filesha1: onFile((text) => createHash('sha1').update(text).digest('hex')),
  filesha256: onFile((text) => createHash('sha256').update(text).digest('hex')),
  filesha512: onFile((text) => createHash('sha512').update(text).digest('hex')),
  pathexpand: onTexts((path = '') => (path.startsWith('~') ? unknown('the home folder is not known') : path)),
  templatefile: shallow(([path, names], context) => {
    const text = context.readFile(textOf(path ?? null) ?? '');
    return text === undefined ? UNREAD : context.render(text, names ?? null);
  }),
  templatestring: shallow(([text, names], context) =>
    typeof text === 'string' ? context.render(text, names ?? null) : failed('templatestring needs a text'),
  ),
};

function onFile(use: (text: string) => Cell): TerraformFunction {
  return deep(([path], context: FunctionContext) => {
    const text = context.readFile(textOf(path ?? null) ?? '');
    return text === undefined ? UNREAD : use(text);
  });
}

/** Its path is not repeated: it may be made of values that nobody should see. */
const UNREAD: Cell = unknown('a file that the code reads is not in what is scanned');
