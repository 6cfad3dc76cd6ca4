// Whoever reads the newest message keeps seeing the newest; whoever scrolled up stays where they are.

const NEAR = 60;
const ends = new WeakMap();
const places = new WeakMap();

const toEnd = (scroller) => {
  scroller.scrollTop = scroller.scrollHeight;
};

/** Keep a scroller at its end, while it is there, when it or its list changes size. */
export function startFollowing(scroller, list) {
  ends.set(scroller, true);
  scroller.addEventListener("scroll", () => {
    ends.set(scroller, scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR);
  });
  const sizes = new ResizeObserver(() => ends.get(scroller) && toEnd(scroller));
  sizes.observe(scroller);
  sizes.observe(list);
}

/** Change what is in a scroller; at another place, or when it was at its end, it ends at its end. */
export function follow(scroller, place, change) {
  const stay = places.get(scroller) === place && !ends.get(scroller);
  places.set(scroller, place);
  change();
  if (stay) return;
  ends.set(scroller, true);
  toEnd(scroller);
}
