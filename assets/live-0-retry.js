/* When what failed is tried again; for pages and for the stage. Two things are asked of it: the many
   screens that lost a web at one moment do not all come back at one moment, and a screen is back
   within seconds of the web. So the first try after a loss is anywhere in the first twelve seconds, and
   all later ones are at most three seconds apart, for ever. */
(() => {
  "use strict";
  const SPREAD = 12000;
  const FIRST_WAIT = 1000;
  const LONGEST_WAIT = 3000; // refused connections cost the web little

  /** Milliseconds until the next try. `failures` are those in a row before this one; none: what had
      been alive was lost just now, here and everywhere. */
  const waitAfter = (failures, longest = LONGEST_WAIT) =>
    failures
      ? Math.min(longest, FIRST_WAIT * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2)
      : Math.random() * SPREAD;

  (window.CommandCenter ??= {}).waitAfter = waitAfter;
})();
