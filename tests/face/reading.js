/* Every text that is painted, as an eye across the room has it: how high its characters stand, in pixels,
   measured from the face itself, and how its colour contrasts with what is behind it. */
() => {
  "use strict";
  const pen = document.createElement("canvas").getContext("2d");
  const numbers = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, below) => top.slice(0, 3).map((one, at) => one * top[3] + below[at] * (1 - top[3]));
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(numbers(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
  };
  const light = (colour) => {
    const [red, green, blue] = colour.map((one) => (one <= 10.3 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [more, less] = [light(one), light(other)].sort((a, b) => b - a);
    return (more + 0.05) / (less + 0.05);
  };
  // Measured large, since the browser rounds to whole pixels.
  const high = (style, sign) => {
    pen.font = `${style.fontWeight} 500px ${style.fontFamily}`;
    const { actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = pen.measureText(sign);
    return ((up + down) * parseFloat(style.fontSize)) / 500;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    const words = node.nodeValue.trim();
    if (!words || ["SCRIPT", "STYLE"].includes(owner.tagName) || owner.closest("[hidden], .skip-link")) continue;
    const box = owner.getBoundingClientRect();
    if (!owner.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || !box.width || !box.height) continue;
    const style = getComputedStyle(owner);
    const chinese = /[\u4e00-\u9fff]/.test(words);
    const ground = behind(owner);
    found.push({
      words: words.slice(0, 40),
      chinese,
      high: high(style, chinese ? "国" : "H"),
      contrast: contrast(over(numbers(style.color), ground), ground),
    });
  }
  return found;
}
