// What somebody who sees little, has no mouse or hears the page would stumble over,
// as a list of complaints. Source: WCAG 2.2, levels A and AA; targets as level AAA.
(() => {
  const complaints = [];
  const complain = (e, what) => complaints.push(`${e.localName}${e.id ? "#" + e.id : ""}${e.className ? "." + e.className : ""} "${(e.textContent || "").trim().slice(0, 30)}": ${what}`);
  const seen = (e) => e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !e.closest(".unseen");
  const root = document.documentElement;

  // One knows where one is.
  if (!root.lang) complain(root, "no language");
  if (!document.title) complain(root, "no title");
  for (const [landmark, count] of [["main", 1], ["h1", 1], ["body > header", 1], ["body > footer", 1]]) {
    if (document.querySelectorAll(landmark).length !== count) complain(root, `not ${count} ${landmark}`);
  }
  let level = 0;
  for (const h of document.querySelectorAll("h1, h2, h3, h4")) {
    if (Number(h.localName[1]) > level + 1) complain(h, `follows a heading of level ${level}`);
    level = Number(h.localName[1]);
  }
  for (const child of document.body.children) {
    if (!["header", "main", "footer", "script", "noscript"].includes(child.localName)) complain(child, "is in no landmark");
  }

  // What refers to something refers to something.
  const ids = new Set();
  for (const e of document.querySelectorAll("[id]")) {
    if (ids.has(e.id)) complain(e, "its id is there twice");
    ids.add(e.id);
  }
  for (const attribute of ["for", "list", "aria-labelledby", "aria-describedby"]) {
    for (const e of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of e.getAttribute(attribute).split(" ")) if (!ids.has(id)) complain(e, `${attribute} names ${id}, which is not there`);
    }
  }
  for (const e of document.querySelectorAll("[tabindex]")) if (e.tabIndex > 0) complain(e, "is out of order");
  for (const e of document.querySelectorAll("input:not([type=hidden]), select")) {
    if (!e.labels.length || !e.labels[0].textContent.trim()) complain(e, "has no label");
  }
  for (const e of document.querySelectorAll("button, a, summary, legend, caption, th")) if (!e.textContent.trim()) complain(e, "says nothing");
  for (const e of document.querySelectorAll("svg, .mark, .tick")) if (e.getAttribute("aria-hidden") !== "true") complain(e, "is read out");

  // One can read it.
  const rgb = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return {r, g, b, a};
  };
  const over = (top, under) => ({
    r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1,
  });
  const ground = (e) => {
    if (!e) return {r: 255, g: 255, b: 255, a: 1};
    const own = rgb(getComputedStyle(e).backgroundColor);
    return own.a === 1 ? own : over(own, ground(e.parentElement));
  };
  const light = ({r, g, b}) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * x + .7152 * y + .0722 * z;
  };
  const contrast = (a, b) => {
    const [dark, bright] = [light(a), light(b)].sort((x, y) => x - y);
    return (bright + .05) / (dark + .05);
  };
  let texts = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || ["script", "style", "noscript", "option"].includes(e.localName) || !seen(e)) continue;
    texts++;
    const style = getComputedStyle(e);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
    const got = contrast(over(rgb(style.color), ground(e)), ground(e));
    if (got < (large ? 3 : 4.5)) complain(e, `contrast ${got.toFixed(2)}`);
    if (size < 12) complain(e, `${size} px is too small`);
  }
  if (texts < 4) complain(root, `only ${texts} texts were looked at`);
  for (const e of document.querySelectorAll("button, a.button, input:not([type=radio]):not([type=hidden]), select, .wallet, .tick")) {
    const style = getComputedStyle(e);
    const own = rgb(style.backgroundColor);
    const around = ground(e.parentElement);
    const edge = parseFloat(style.borderTopWidth) > 0 ? contrast(over(rgb(style.borderTopColor), around), around) : 1;
    const bare = e.classList.contains("plain") && style.textDecorationLine === "underline"; // a link in all but its size
    if (seen(e) && !bare && Math.max(edge, contrast(over(own, around), around)) < 3) complain(e, `one cannot see where it ends: ${edge.toFixed(2)}`);
  }

  // One can hit it with a thumb.
  for (const e of document.querySelectorAll("button, a, summary, select, input:not([type=hidden])")) {
    const box = (e.type === "radio" ? e.closest("label") : e).getBoundingClientRect();
    const least = e.localName === "a" && getComputedStyle(e).display === "inline" ? 18 : 44;
    if (seen(e) && (box.height < least - .5 || box.width < Math.min(least, 24))) complain(e, `${box.width.toFixed()} × ${box.height.toFixed()} is too small for a thumb`);
  }

  // Nothing sticks out.
  if (root.scrollWidth > root.clientWidth) {
    complain(root, `${root.scrollWidth} wide on ${root.clientWidth}`);
    for (const e of document.querySelectorAll("main *")) if (e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(".wide")) complain(e, "sticks out");
  }
  return complaints;
})()
