// Which hostile cases the tests prove: every test whose name starts with `case N:`.

/** Numbers of the cases that the runtime must prove; the others belong to the store and the sync engine. */
const wanted = [...range(1, 94), ...range(109, 120)];

/** @param {number} from @param {number} to @returns {number[]} both ends included */
function range(from, to) {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/**
 * One test as vitest reports it.
 * @typedef {{ title: string, status: string }} Assertion
 */

/**
 * A line for each case, and the numbers that no passing test proves.
 * @param {Assertion[]} assertions
 * @returns {{ lines: string[], missing: number[] }}
 */
export const caseReport = (assertions) => {
  /** @type {Map<number, Assertion[]>} */
  const byNumber = new Map();
  for (const assertion of assertions) {
    const number = Number(/^case (\d+):/.exec(assertion.title)?.[1]);
    if (number > 0) byNumber.set(number, [...(byNumber.get(number) ?? []), assertion]);
  }
  const isProven = (/** @type {number} */ number) => {
    const tests = byNumber.get(number) ?? [];
    return tests.length > 0 && tests.every(({ status }) => status === 'passed');
  };
  const lines = wanted.map((number) => {
    const titles = (byNumber.get(number) ?? []).map(({ title }) => title.replace(/^case \d+:\s*/, ''));
    const [first = 'no test', ...more] = titles;
    const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
    return `${isProven(number) ? 'ok    ' : 'FAILED'} case ${number}: ${first}${rest}`;
  });
  return { lines, missing: wanted.filter((number) => !isProven(number)) };
};
