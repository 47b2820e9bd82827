import { isUnknown, type Value } from '#model/resource.ts';
import { terraformLoader } from './index.ts';

/** Loads files given by path and text; a single text is `main.tf`. */
export function load(code: string | Readonly<Record<string, string>>) {
  const files = Object.entries(typeof code === 'string' ? { 'main.tf': code } : code);
  return terraformLoader.load(files.map(([path, text]) => ({ path, text })));
}

/** The value of an expression, among whatever else the code declares. */
export async function valueOf(expression: string, code = ''): Promise<Value | undefined> {
  const { resources } = await load(`${code}\nresource "aws_test" "it" {\n  value = ${expression}\n}\n`);
  return resources.find(({ id }) => id === 'aws_test.it')?.attributes['value'];
}

/** `unknown: why`, with the parts of a text that are known; any other value as it is. */
export function shown(value: Value | undefined): unknown {
  return isUnknown(value) ? `unknown: ${value.reason}` : value;
}
