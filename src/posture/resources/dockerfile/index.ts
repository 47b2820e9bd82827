import type { LoadProblem, Resource } from '#model/resource.ts';
import type { Loader, SourceFile } from '../loader.ts';
import { dockerfileAttributes } from './attributes.ts';
import { dockerInstructions } from './instructions.ts';

/**
 * Dockerfiles and Containerfiles: one resource `dockerfile` for each file; its id is `dockerfile.<path>`. The attributes are told in
 * `attributes.ts`.
 */
export const dockerfileLoader: Loader = {
  id: 'dockerfile',
  claims: (path, head) => {
    const name = path.split('/').at(-1) ?? '';
    return NAME.test(name) && !OTHER.test(name) && /^[ \t]*FROM[ \t]+\S/im.test(head);
  },
  load: async (files) => {
    const resources: Resource[] = [];
    const problems: LoadProblem[] = [];
    for (const file of files) {
      const read = readDockerfile(file);
      if ('problem' in read) problems.push(read);
      else resources.push(read);
    }
    return { resources, problems };
  },
};

const NAME = /^(?:Dockerfile|Containerfile)(?:[.\-_].+)?$|\.(?:Dockerfile|Containerfile)$/i;
const OTHER =
  /\.(?:md|txt|rst|adoc|html?|tsx?|jsx?|mjs|py|go|rb|rs|java|json|ya?ml|toml|sh|dockerignore|j2|tmpl|tpl|erb)$/i;
const MAX_CHARACTERS = 256 * 1024;
const MAX_HEREDOCS = 1000;

function readDockerfile({ path, text }: SourceFile): Resource | LoadProblem {
  if (text.length > MAX_CHARACTERS)
    return { file: path, problem: 'This file is larger than 256 KB and is not read as a Dockerfile.' };
  if (text.includes('\0')) return { file: path, line: 1, problem: 'This file holds bytes that are no text.' };
  // The library is quadratic in them.
  if (text.split('<<', MAX_HEREDOCS + 1).length > MAX_HEREDOCS) {
    return { file: path, problem: `This file has more than ${MAX_HEREDOCS} here-documents and is not read.` };
  }
  try {
    const source = text.charCodeAt(0) === 0xfe_ff ? text.slice(1) : text;
    const instructions = dockerInstructions(source);
    if (!instructions.some(({ keyword }) => keyword === 'FROM'))
      return { file: path, line: 1, problem: 'This Dockerfile has no FROM.' };
    return {
      provider: 'docker',
      type: 'dockerfile',
      id: `dockerfile.${path}`,
      name: path.split('/').at(-1) ?? path,
      attributes: dockerfileAttributes(instructions),
      file: path,
      line: 1,
      endLine: instructions.at(-1)?.endLine ?? 1,
    };
  } catch {
    return { file: path, line: 1, problem: 'This file cannot be read as a Dockerfile.' };
  }
}
