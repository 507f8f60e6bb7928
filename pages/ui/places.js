// The ranked list: one button a place, its score as a bar of parts. Texts arrive translated; nothing is fetched.
// What no step of a slider changes stands before this script as `fixed`.
const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const bar = (place, data) => {
  const whole = element("span", "bar");
  const parts = element("span", "parts");
  const told = data.parts.map(([label], i) => {
    const points = place.parts[i];
    const shown = points?.toLocaleString(data.locale);
    return `${label}: ${points === null ? data.notKnown : points === 1 ? data.point : data.points.replace("#", shown)}`;
  });
  whole.setAttribute("role", "img");
  place.parts.forEach((points, i) => {
    if (!(points > 0)) return;
    const part = element("span", "part");
    part.style.width = `${points}%`;
    part.style.background = data.parts[i][1];
    part.title = told[i];
    parts.append(part);
  });
  whole.append(parts);
  if (place.ends) {
    const [low, high] = place.ends;
    const ends = element("span", "ends");
    ends.style.left = `${low}%`;
    ends.style.width = `${high - low}%`;
    ends.title = data.ends.replace("#", `${low}–${high}`);
    whole.append(ends);
    told.push(ends.title);
  }
  whole.setAttribute("aria-label", told.join(", "));
  return whole;
};

const card = (place, data, pick) => {
  const made = element("button", place.id === data.picked ? "place picked" : "place");
  made.type = "button";
  made.setAttribute("aria-pressed", String(place.id === data.picked));
  const head = element("span", "head");
  const name = element("span", "name", place.name);
  const [kind, sign, meaning] = place.move ?? ["", "", ""];
  const move = element("span", `move ${kind}`, sign);
  if (meaning) move.title = meaning;
  const score = element("span", "score", place.score);
  score.title = data.scoreTitle;
  const ends = element("span", "range", place.ends ? place.ends.join("–") : "");
  if (place.ends) ends.title = data.ends.replace("#", ends.textContent);
  head.append(element("span", "rank", place.rank), name, move, ends, score);
  made.append(head, bar(place, data), element("span", "why", place.why));
  const facts = element("span", "facts");
  for (const fact of place.facts) facts.append(element("span", "", fact));
  made.append(facts);
  made.onclick = () => pick(place.id);
  return made;
};

const aside = (place, data, toggle) => {
  const inside = data.aside.includes(place.id);
  const made = element("button", inside ? "aside in" : "aside", inside ? data.inComparison : data.compare);
  made.type = "button";
  made.setAttribute("aria-pressed", String(inside));
  made.setAttribute("aria-label", `${made.textContent}: ${place.name}`);
  made.onclick = () => toggle(place.id);
  return made;
};

export default function ({ data: given, parentElement, setTriggerValue }) {
  const data = { ...fixed, ...given };
  const list = parentElement.querySelector(".places");
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  list.setAttribute("aria-label", data.title);
  parentElement.querySelector(".kw-h2").textContent = data.heading;
  const notes = data.notes.map((note) => element("span", "", note));
  parentElement.querySelector(".kw-notes").replaceChildren(...notes);
  const more = parentElement.querySelector(".more");
  more.textContent = data.more;
  more.hidden = !data.more;
  more.onclick = () => setTriggerValue("more", true);
  list.replaceChildren(
    ...data.places.map((place) => {
      const item = element("li");
      const made = card(place, data, (id) => setTriggerValue("picked", id));
      made.dataset.id = place.id;
      item.append(made, aside(place, data, (id) => setTriggerValue("aside", id)));
      return item;
    }),
  );
  list.querySelectorAll("button.place").forEach((b) => b.dataset.id === focused && b.focus());
  const chosen = list.querySelector(".picked");
  if (chosen && list.dataset.picked !== data.picked) {
    const box = list.getBoundingClientRect();
    const at = chosen.getBoundingClientRect();
    if (at.top < box.top || at.bottom > box.bottom) list.scrollTop += at.top - box.top - 8;
  }
  list.dataset.picked = data.picked ?? "";
}
