// The counter: every press is counted here and kept in the browser at once. Texts arrive translated; nothing is fetched.
const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};
const button = (className, text, act) => {
  const made = element("button", className, text);
  made.type = "button";
  made.onclick = act;
  return made;
};
const two = (n) => String(n).padStart(2, "0");
const local = (ms) => {
  const d = new Date(ms);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
};
const fresh = () => ({ key: `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`, presses: [], started: null });
const running = new WeakMap();

class Tally {
  constructor(root) {
    this.root = root;
    this.sent = null;
    this.root.addEventListener("keydown", (event) => {
      const step = { "+": 1, "=": 1, ArrowUp: 1, "-": -1, ArrowDown: -1 }[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.press(step);
    });
  }

  read() {
    try {
      const found = JSON.parse(localStorage.getItem(this.store));
      return found && Array.isArray(found.presses) && found.key ? found : fresh();
    } catch {
      return fresh();
    }
  }

  keep() {
    try {
      localStorage.setItem(this.store, JSON.stringify(this.now));
    } catch {
      // a browser that keeps nothing still counts
    }
  }

  get persons() {
    return this.now.presses.reduce((sum, step) => Math.max(0, sum + step), 0);
  }

  get seconds() {
    return this.now.started === null ? 0 : Math.min((Date.now() - this.now.started) / 1000, 60 * this.data.minutes);
  }

  get over() {
    return this.seconds >= 60 * this.data.minutes;
  }

  update(data, send) {
    this.send = send;
    const texts = JSON.stringify([data.texts, data.place]);
    if (this.store !== data.store) {
      this.store = data.store;
      this.now = this.read();
    }
    this.data = data;
    if (data.kept && data.kept === this.now.key) {
      this.now = fresh();
      this.keep();
    }
    this.sent = null;
    if (texts !== this.texts) this.build();
    this.texts = texts;
    this.show();
    clearInterval(this.timer);
    this.timer = setInterval(() => (this.root.isConnected ? this.show() : clearInterval(this.timer)), 500);
  }

  build() {
    const t = this.data.texts;
    this.clock = element("div", "clock");
    this.clock.setAttribute("role", "timer");
    this.clock.setAttribute("aria-label", t.left);
    this.total = element("output", "total");
    this.total.setAttribute("aria-live", "polite");
    this.plus = button("plus", "+1", () => (this.now.started === null ? this.start() : this.press(1)));
    this.minus = button("minus", "−1", () => this.press(-1));
    this.minus.setAttribute("aria-label", t.less);
    this.undo = button("undo", t.undo, () => this.back());
    this.again = button("again", t.again, () => this.restart());
    this.save = button("save", "", () => this.finish());
    this.note = element("p", "note");
    this.note.setAttribute("role", "status");
    const head = element("div", "head");
    head.append(this.total, element("span", "what", t.counted), this.clock);
    const small = element("div", "small");
    small.append(this.minus, this.undo, this.again);
    this.root.replaceChildren(head, this.plus, small, this.save, this.note);
  }

  start() {
    this.now = { ...fresh(), started: Date.now() };
    this.keep();
    this.show();
    navigator.wakeLock?.request("screen").catch(() => {});
  }

  press(step) {
    if (this.now.started === null || this.over || (step < 0 && this.persons === 0)) return;
    this.now.presses.push(step);
    this.keep();
    if (step > 0) navigator.vibrate?.(10);
    this.show();
  }

  back() {
    if (this.thrown) [this.now, this.thrown] = [this.thrown, null];
    else this.now.presses.pop();
    this.keep();
    this.show();
  }

  restart() {
    if (!this.asked) {
      this.asked = setTimeout(() => ((this.asked = null), this.show()), 4000);
      return this.show();
    }
    clearTimeout(this.asked);
    [this.asked, this.thrown, this.now] = [null, this.now, fresh()];
    this.keep();
    this.show();
    return this.plus.focus();
  }

  finish() {
    this.sent = this.now.key;
    this.show();
    this.send("saved", {
      key: this.now.key,
      start: local(this.now.started),
      minutes: Math.max(1, Math.round(this.seconds / 60)),
      persons: this.persons,
    });
    setTimeout(() => ((this.sent = null), this.show()), 8000);
  }

  show() {
    const t = this.data.texts;
    const begun = this.now.started !== null;
    const left = Math.ceil(60 * this.data.minutes - this.seconds);
    if (begun) this.thrown = null;
    this.root.classList.toggle("begun", begun);
    this.root.classList.toggle("over", this.over);
    this.clock.textContent = `${Math.floor(left / 60)}:${two(left % 60)}`;
    this.total.textContent = String(this.persons);
    this.plus.textContent = begun ? "+1" : t.start;
    this.plus.setAttribute("aria-label", begun ? t.more : t.start);
    this.plus.disabled = this.over;
    this.minus.disabled = !begun || this.over || this.persons === 0;
    this.undo.disabled = !this.thrown && (this.over || !this.now.presses.length);
    this.again.hidden = !begun;
    this.again.textContent = this.asked ? t.sure : t.again;
    const early = this.seconds < 60 * this.data.fewest;
    this.save.hidden = !begun;
    this.save.disabled = early || this.sent !== null;
    const minutes = Math.max(1, Math.round(this.seconds / 60));
    this.save.textContent = this.sent ? t.saving : t.save.replace("#n", this.persons).replace("#m", minutes);
    const told = !begun ? "" : this.over ? t.over : early ? t.early : t.stop;
    if (this.note.textContent !== told) this.note.textContent = told;
    if (this.over && !this.told) navigator.vibrate?.([200, 100, 200]);
    this.told = this.over;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tally");
  if (!running.has(root)) running.set(root, new Tally(root));
  running.get(root).update(data, setTriggerValue);
}
