// The page's own small drawings, as strokes in a box of 16 by 16.

const STROKES = {
  hash: ["M6.2 2.5 4.8 13.5", "M11.2 2.5 9.8 13.5", "M2.8 6h11", "M2.2 10h11"],
  lock: ["M4 7.5h8v6H4z", "M5.7 7.5V5.2a2.3 2.3 0 0 1 4.6 0v2.3"],
  close: ["M4 4l8 8", "M12 4l-8 8"],
  menu: ["M2.5 4h11", "M2.5 8h11", "M2.5 12h7"],
  send: ["M2.5 13.2 13.5 8 2.5 2.8l1.7 5.2z", "M4.2 8h4.3"],
  eye: ["M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z", "M8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z"],
  reply: ["M6.5 4 2.5 7.5l4 3.5", "M2.5 7.5h6.5a4.5 4.5 0 0 1 4.5 4.5v.8"],
  slash: ["M9.5 3.5l-3 9"],
  more: ["M3.5 8h.01", "M8 8h.01", "M12.5 8h.01"],
  camera: ["M2 4.5h8v7H2z", "M10 7.2l4-2.2v6l-4-2.2"],
  window: ["M9 2.5h4.5V7", "M13.5 2.5 8 8", "M11.5 9.5v4h-9v-9h4"],
  door: ["M4 13.5V3.2l6-1v12.6z", "M10 3.5h2.5v10", "M2 13.5h2", "M12.5 13.5H14", "M8 8.2v.6"],
  warning: ["M8 2.5 14.2 13.3H1.8z", "M8 6.5v3.2", "M8 11.6v.01"],
};

const SVG = "http://www.w3.org/2000/svg";

/** Draw an icon; it says nothing to a screen reader, so the words stand beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  for (const stroke of STROKES[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", stroke);
    svg.append(path);
  }
  return svg;
}
