import { readStamp, removeStamp, writeStamp } from './stamp.mjs';

/**
 * One thing that set-up makes.
 * @typedef {object} Step
 * @property {string} message said on stderr before it is made
 * @property {string} stamp the file that remembers what it was made from
 * @property {() => string} wanted what it would be made from now, as a hash
 * @property {() => boolean} isThere
 * @property {() => Promise<void>} make
 */

/**
 * Whether a step's result is there and was made from what it would be made from now.
 * @param {Step} step
 */
export const isDone = (step) => step.isThere() && readStamp(step.stamp) === step.wanted();

/**
 * Does a step unless it is done.
 * @param {Step} step
 * @param {(line: string) => void} say
 */
export const doStep = async (step, say) => {
  if (isDone(step)) return;
  say(step.message);
  const wanted = step.wanted();
  removeStamp(step.stamp);
  await step.make();
  writeStamp(step.stamp, wanted);
};
