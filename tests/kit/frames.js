// How long from a key to the frame that shows what it did. Runs in the page after a definition of `look`, which says what the eye
// waits for, and gives nothing while it cannot be told.
const before = JSON.stringify(look());
const seen = { key: null, drawn: null, painted: null };
window.drumbeatSeen = seen;
const over = new AbortController();
const listen = (event) => {
  const now = performance.now();
  // When the key was pressed, not when a busy page came to hear of it.
  seen.key = event.timeStamp > 0 && event.timeStamp <= now ? event.timeStamp : now;
};
addEventListener("keydown", listen, { capture: true, signal: over.signal });
// When the page has done its part: the answer is in it, and only the painting is left.
const watch = new MutationObserver(() => {
  const now = look();
  if (seen.key === null || now === undefined || JSON.stringify(now) === before) return;
  seen.drawn ??= performance.now();
  watch.disconnect();
});
watch.observe(document.documentElement, { attributes: true, childList: true, subtree: true });
const frame = () => {
  const now = look();
  if (seen.key === null || now === undefined || JSON.stringify(now) === before) return requestAnimationFrame(frame);
  over.abort();
  watch.disconnect();
  // The change is in the page and this frame paints it: what comes next comes after the painting, be it a message (which a page
  // that has more to do hears late) or the frame after.
  const painted = () => {
    seen.painted ??= performance.now();
  };
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = painted;
  port2.postMessage(null);
  requestAnimationFrame(painted);
};
requestAnimationFrame(frame);
