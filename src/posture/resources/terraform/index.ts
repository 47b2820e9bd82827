import type { Loaded, LoadProblem, Resource } from '#model/resource.ts';
import { withPodSpec } from '../kubernetes/pod.ts';
import type { Loader, ReadFile, SourceFile } from '../loader.ts';
import { parseJsonFile } from './hcl/json.ts';
import { createHclParser } from './hcl/parse.ts';
import type { SourceBody } from './module/source.ts';
import { evaluateTree } from './tree.ts';

/** Terraform code: `.tf` with its `.tfvars`, in any number of folders; local modules are followed among them. */
export const terraformLoader: Loader = {
  id: 'terraform',
  claims: (path) => /\.(?:tf|tfvars)(?:\.json)?$/.test(path),
  load,
};

async function load(files: readonly SourceFile[], read: ReadFile = () => undefined): Promise<Loaded> {
  if (files.length === 0) return { resources: [], problems: [] };
  const problems: LoadProblem[] = [];
  const bodies: SourceBody[] = [];
  const parser = await createHclParser();
  try {
    for (const { path, text } of files) {
      const isJson = path.endsWith('.json');
      const { body, problem } = isJson ? parseJsonFile(path, text, parser.parseTemplate) : parser.parse(text);
      if (problem) problems.push({ file: path, line: problem.line, problem: `This file ${problem.problem}` });
      bodies.push({ file: path, body });
    }
    const characters = files.reduce((sum, { text }) => sum + text.length, 0);
    const resources: readonly Resource[] = [
      ...evaluateTree(bodies, { problems, read, parseTemplate: parser.parseTemplate, characters }),
    ].map(withPodSpec);
    return { resources, problems };
  } finally {
    parser.close();
  }
}
