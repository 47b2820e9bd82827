import type { Answers } from '../../api/shapes.ts';

/** “Nothing” and something exclude each other: what was chosen last counts. */
export function facesAfter(before: Answers['faces'], chosen: Answers['faces']): Answers['faces'] {
  if (!chosen.includes('nothing') || chosen.length === 1) return chosen;
  return before.includes('nothing') ? chosen.filter((face) => face !== 'nothing') : ['nothing'];
}
