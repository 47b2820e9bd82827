import type { z } from 'zod';

import { approvalSchema, EXTENSIONS, procedureSchema, stepExtensionSchema } from './extensions.ts';
import type { Playbook } from './model.ts';
import { invalid, notice, type PlaybookProblem } from './problem.ts';

const OURS: Readonly<Record<string, z.ZodType>> = {
  [EXTENSIONS.approval]: approvalSchema,
  [EXTENSIONS.step]: stepExtensionSchema,
  [EXTENSIONS.procedure]: procedureSchema,
};

/** Every extension in use is defined; ours have the shape that is ours; those of others are kept and have no effect. */
export function checkExtensions(playbook: Playbook): readonly PlaybookProblem[] {
  const used = [
    ...Object.entries(playbook.playbook_extensions ?? {}).map(([id, value]) => ({ id, value, step: undefined })),
    ...Object.entries(playbook.workflow).flatMap(([step, { step_extensions }]) =>
      Object.entries(step_extensions ?? {}).map(([id, value]) => ({ id, value, step })),
    ),
  ];
  return used.flatMap(({ id, value, step }) => {
    if (!Object.hasOwn(playbook.extension_definitions ?? {}, id))
      return [invalid(`${id} is not defined`, 'Add it under extension_definitions.', step)];
    if (!Object.hasOwn(OURS, id)) return [notice(`${id} is not known here`, 'It is kept, and has no effect.', step)];
    if ((id === EXTENSIONS.procedure) !== (step === undefined))
      return [
        invalid(
          `${id} stands in the wrong place`,
          'Approval and automatic step belong to steps, the procedure to the playbook.',
          step,
        ),
      ];
    const misplaced = id === EXTENSIONS.approval && playbook.workflow[step ?? '']?.type !== 'action';
    if (misplaced) return [invalid('only an action step can ask for approval', 'Put an action step there.', step)];
    const parsed = OURS[id]?.safeParse(value);
    return (parsed?.error?.issues ?? []).map((issue) =>
      invalid(`${issue.path.join('.')}: ${issue.message}`, 'See docs/playbooks.md.', step),
    );
  });
}
