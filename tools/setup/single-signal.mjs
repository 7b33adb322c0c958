// Loaded before the demo, the bench and the tests (`node --import`). One Ctrl-C arrives up to three times: from the
// terminal, which signals the whole group, from npm and from tools/setup/run.mjs, which both hand on what they get.
// A plain `kill` of npm arrives once. So copies within half a second count as one; a later one is a second request.
const window = 500;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @type {Map<string, number>} */
const lastSeen = new Map();
const emit = process.emit;

process.emit = function emitOnce(/** @type {any} */ event, /** @type {any[]} */ ...rest) {
  if (signals.includes(event)) {
    const now = performance.now();
    const isCopy = now - (lastSeen.get(event) ?? Number.NEGATIVE_INFINITY) < window;
    if (isCopy) return true;
    lastSeen.set(event, now);
  }
  return Reflect.apply(emit, this, [event, ...rest]);
};
