import { z } from 'zod';
import type { Bilingual } from '#model/alert.ts';

/**
 * How a clause is answered: by checks of this scan; by a person; or by what another part of the product knows
 * (detection, the evidence log, host baselines, backups).
 */
export const ASSESSMENTS = ['automatic', 'manual', 'elsewhere'] as const;
export type Assessment = (typeof ASSESSMENTS)[number];

const propSchema = z.object({
  name: z.string(),
  value: z.string(),
  ns: z.string().optional(),
  class: z.string().optional(),
});
const linkSchema = z.object({ href: z.string(), rel: z.string().optional(), text: z.string().optional() });
const partSchema = z.object({ name: z.string(), prose: z.string().optional(), props: z.array(propSchema).optional() });
const controlSchema = z.object({
  id: z.string(),
  title: z.string(),
  props: z.array(propSchema).default([]),
  links: z.array(linkSchema).default([]),
  parts: z.array(partSchema).default([]),
});
const metadataSchema = z.object({
  title: z.string(),
  'last-modified': z.string(),
  version: z.string(),
  'oscal-version': z.string(),
  props: z.array(propSchema).default([]),
  links: z.array(linkSchema).default([]),
  remarks: z.string().optional(),
});

interface OscalGroup {
  readonly id: string;
  readonly title: string;
  readonly props: readonly z.infer<typeof propSchema>[];
  readonly groups: readonly OscalGroup[];
  readonly controls: readonly z.infer<typeof controlSchema>[];
}
const groupSchema: z.ZodType<OscalGroup> = z.lazy(() =>
  z.object({
    id: z.string(),
    title: z.string(),
    props: z.array(propSchema).default([]),
    groups: z.array(groupSchema).default([]),
    controls: z.array(controlSchema).default([]),
  }),
);

/**
 * A framework in the shape of an OSCAL 1.1 catalogue. Beside OSCAL's own words it uses the properties `title-zh` (of the
 * catalogue, groups and controls), `assessment` and `evidence`, the part `guidance` (with `guidance-zh`), and links:
 * `rel: control` to one of our controls, `rel: check` to one check.
 *
 * Source: NIST OSCAL, catalog model, 1.1.
 */
export const catalogSchema = z.object({
  catalog: z.object({ uuid: z.uuid(), metadata: metadataSchema, groups: z.array(groupSchema).min(1) }),
});

/** What a profile takes from catalogues: NIST OSCAL, profile model, 1.1. */
export const profileSchema = z.object({
  profile: z.object({
    uuid: z.uuid(),
    metadata: metadataSchema,
    imports: z
      .array(
        z.object({
          href: z.string(),
          'include-all': z.object({}).optional(),
          'include-controls': z.array(z.object({ 'with-ids': z.array(z.string()).min(1) })).optional(),
          'exclude-controls': z.array(z.object({ 'with-ids': z.array(z.string()).min(1) })).optional(),
        }),
      )
      .min(1),
  }),
});

/** A framework as the rest of the program reads it. */
export interface Framework {
  readonly id: string;
  readonly title: Bilingual;
  readonly version: string;
  /** Where the text of the framework is published; the titles here are our own words. */
  readonly source: string | undefined;
  readonly clauses: readonly Clause[];
  /** Of a policy template: whom it is for. */
  readonly suits?: { readonly industry: string; readonly size: string; readonly note: Bilingual | undefined };
}

export interface Clause {
  /** Id of the framework that it is a clause of. */
  readonly framework: string;
  /** The framework's own number. */
  readonly id: string;
  /** The control's id in the catalogue, by which profiles choose it. */
  readonly key: string;
  readonly title: Bilingual;
  /** The groups that it stands in, outermost first. */
  readonly groups: readonly Bilingual[];
  readonly assessment: Assessment;
  readonly controls: readonly string[];
  readonly checks: readonly string[];
  /** What a person has to do or show, or which part of the product knows. */
  readonly guidance: Bilingual | undefined;
}

export type Catalog = z.infer<typeof catalogSchema>['catalog'];
export type Profile = z.infer<typeof profileSchema>['profile'];

/** @param id the file's name without `.yml` */
export function toFramework(id: string, catalog: Catalog): Framework {
  return {
    id,
    title: bilingual(catalog.metadata.title, catalog.metadata.props),
    version: catalog.metadata.version,
    source: catalog.metadata.links.find(({ rel }) => rel === 'reference')?.href,
    clauses: catalog.groups.flatMap((group) => clausesOf(id, group, [])),
  };
}

/** A profile's choice of clauses; `frameworks` are by id, and hrefs end in `<id>.yml`. */
export function toTemplate(id: string, profile: Profile, frameworks: ReadonlyMap<string, Framework>): Framework {
  return {
    id,
    title: bilingual(profile.metadata.title, profile.metadata.props),
    version: profile.metadata.version,
    source: undefined,
    suits: suitsOf(profile.metadata),
    clauses: profile.imports.flatMap((one) => {
      const framework = frameworks.get(one.href.replace(/^.*\//, '').replace(/\.yml$/, ''));
      const included = one['include-controls']?.flatMap((choice) => choice['with-ids']);
      const excluded = new Set(one['exclude-controls']?.flatMap((choice) => choice['with-ids']));
      return (framework?.clauses ?? []).filter(
        (clause) => (included === undefined || included.includes(clause.key)) && !excluded.has(clause.key),
      );
    }),
  };
}

function suitsOf({ props, remarks }: Profile['metadata']): Framework['suits'] {
  const zh = propOf(props, 'note-zh');
  const note = zh === undefined || remarks === undefined ? undefined : { zh, en: remarks };
  return { industry: propOf(props, 'industry') ?? '', size: propOf(props, 'size') ?? '', note };
}

function clausesOf(framework: string, group: OscalGroup, above: readonly Bilingual[]): readonly Clause[] {
  const groups = [...above, bilingual(group.title, group.props)];
  const own = group.controls.map((control): Clause => {
    const [en, zh] = ['guidance', 'guidance-zh'].map((name) => control.parts.find((part) => part.name === name)?.prose);
    const linked = (rel: string) =>
      control.links.filter((link) => link.rel === rel).map(({ href }) => href.replace(/^#/, ''));
    return {
      framework,
      id: propOf(control.props, 'label') ?? control.id,
      key: control.id,
      title: bilingual(control.title, control.props),
      groups,
      assessment: ASSESSMENTS.find((one) => one === propOf(control.props, 'assessment')) ?? 'manual',
      controls: linked('control'),
      checks: linked('check'),
      guidance: en === undefined || zh === undefined ? undefined : { en, zh },
    };
  });
  return [...own, ...group.groups.flatMap((inner) => clausesOf(framework, inner, groups))];
}

type Props = readonly z.infer<typeof propSchema>[];

function bilingual(title: string, props: Props): Bilingual {
  return { en: title, zh: propOf(props, 'title-zh') ?? title };
}

function propOf(props: Props, name: string): string | undefined {
  return props.find((prop) => prop.name === name)?.value;
}
