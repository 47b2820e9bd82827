import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { bilingualSchema } from '#model/alert.ts';
import { type Measure, measureSchema } from '../score/measures.ts';
import { catalogSchema, type Framework, profileSchema, toFramework, toTemplate } from './catalog.ts';

/** One of our own controls: what checks are about and clauses are made of. */
const controlsSchema = z.array(z.strictObject({ id: z.string().regex(/^[a-z]+\.[a-z-]+$/), ...bilingualSchema.shape }));
export type Control = z.infer<typeof controlsSchema>[number];

export interface Frameworks {
  readonly controls: ReadonlyMap<string, Control>;
  readonly frameworks: ReadonlyMap<string, Framework>;
  /** Choices of clauses for an industry and a size. */
  readonly templates: ReadonlyMap<string, Framework>;
  /** What it takes to meet a control, by its id. */
  readonly measures: ReadonlyMap<string, Measure>;
}

/**
 * Reads the folder of frameworks: `controls.yml`, `measures.yml`, `catalogs/*.yml`, `templates/*.yml`.
 *
 * @throws z.ZodError or a YAML error: they ship with the program, and its tests read them.
 */
export function readFrameworks(folder: string): Frameworks {
  const controls = controlsSchema.parse(readYaml(join(folder, 'controls.yml')));
  const frameworks = new Map(
    filesOf(join(folder, 'catalogs')).map((file) => {
      const id = basename(file, '.yml');
      return [id, toFramework(id, catalogSchema.parse(readYaml(file)).catalog)] as const;
    }),
  );
  const templates = new Map(
    filesOf(join(folder, 'templates')).map((file) => {
      const id = basename(file, '.yml');
      return [id, toTemplate(id, profileSchema.parse(readYaml(file)).profile, frameworks)] as const;
    }),
  );
  const measures = z.array(measureSchema).parse(readYaml(join(folder, 'measures.yml')));
  return {
    controls: new Map(controls.map((control) => [control.id, control])),
    frameworks,
    templates,
    measures: new Map(measures.map((measure) => [measure.control, measure])),
  };
}

function filesOf(folder: string): readonly string[] {
  return globSync('*.yml', { cwd: folder })
    .sort()
    .map((name) => join(folder, name));
}

function readYaml(file: string): unknown {
  return parse(readFileSync(file, 'utf8'));
}
