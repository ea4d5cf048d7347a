/* The canvas of a screen: what its frame hides, how large letters have to be for its farthest seat, and how
   much room, in letters, a page is laid out in. The center counts all of it (dashboard/seats.py). */
(() => {
  "use strict";
  const DESK = 16; // pixels of a rem of a page at a desk
  const SIDES = [["top", "vh", 1], ["right", "vw", 0], ["bottom", "vh", 1], ["left", "vw", 0]];
  const root = document.documentElement;

  /** In shares of the picture, so that it holds at every resolution of the browser. */
  const arrange = (screen, layout) => {
    for (const [side, unit, at] of SIDES) {
      const share = screen.millimetres ? (100 * screen.safe_area[side]) / screen.millimetres[at] : 0;
      root.style.setProperty(`--safe-${side}`, share + unit);
    }
    root.style.setProperty("--letters", `${100 * layout.letters}vh`);
  };

  /** The address of a page in its room (`[width, height]` in rem). A wall fills its room by itself; any
      other page is enlarged as a browser does it, so that it falls into fewer columns. */
  const layOut = (frame, path, query, room) => {
    const address = path + (path.includes("?") ? "&" : "?") + query;
    if (!room) return address;
    const [wide, high] = room;
    if (path.startsWith("/wall/")) return `${address}&room=${wide}x${high}`;
    const { clientWidth, clientHeight } = document.getElementById("stage");
    frame.style.zoom = Math.min(clientWidth / (DESK * wide), clientHeight / (DESK * high));
    return address;
  };

  (window.CommandCenter ??= {}).canvas = { arrange, layOut };
})();
