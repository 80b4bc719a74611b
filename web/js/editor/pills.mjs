// A thread whose line is scrolled out of sight gets a pill at the editor's edge: "main line 25 ↓"; a click goes there.
import { EditorView, ViewPlugin } from "@codemirror/view";
import { marksOf, setMarks } from "./marks.mjs";
import { isShown } from "./part.mjs";

class Pills {
  constructor(view) {
    this.view = view;
    this.dom = document.createElement("div");
    this.dom.className = "cm-pills";
    view.dom.append(this.dom);
    this.onScroll = () => this.measure();
    view.scrollDOM.addEventListener("scroll", this.onScroll, { passive: true });
  }
  update(u) {
    if (u.docChanged || u.geometryChanged || u.transactions.some((tr) => tr.effects.some((e) => e.is(setMarks)))) this.measure();
  }
  measure() {
    this.view.requestMeasure({ key: this, read: () => this.read(), write: (found) => this.write(found) });
  }
  /// Which marked lines lie above or below what is visible now.
  read() {
    const { scrollTop, clientHeight } = this.view.scrollDOM;
    const doc = this.view.state.doc;
    const found = [];
    for (const mark of marksOf(this.view.state)) {
      if (mark.line < 1 || mark.line > doc.lines || !isShown(this.view.state, mark.line)) continue;
      const block = this.view.lineBlockAt(doc.line(mark.line).from);
      if (block.top >= scrollTop + clientHeight - 10) found.push({ mark, arrow: "↓" });
      else if (block.bottom <= scrollTop + 4) found.push({ mark, arrow: "↑" });
    }
    return found.slice(0, 4);
  }
  write(found) {
    this.dom.replaceChildren(...found.map(({ mark, arrow }) => this.pill(mark, arrow)));
  }
  pill(mark, arrow) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn sm out pill";
    for (const chip of mark.chips.slice(0, 3)) {
      const el = document.createElement("span");
      el.className = `chip c${chip.hue}${chip.runs ? "" : " h"}`;
      el.textContent = chip.text;
      button.append(el);
    }
    button.append(` line ${mark.line} ${arrow}`);
    button.onclick = () => {
      const at = this.view.state.doc.line(mark.line).from;
      this.view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "center" }) });
    };
    return button;
  }
  destroy() {
    this.view.scrollDOM.removeEventListener("scroll", this.onScroll);
    this.dom.remove();
  }
}

export const pills = ViewPlugin.fromClass(Pills);
