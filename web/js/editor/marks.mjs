// What a run draws into the editor: chips and tints for the threads' lines, the place of an error.
// All of it is state that the page sets as a whole; the editor keeps it on its lines while the text changes.
import { Decoration, EditorView, GutterMarker, WidgetType, gutter, gutterLineClass } from "@codemirror/view";
import { RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";

export const setMarks = StateEffect.define();
export const setError = StateEffect.define();
export const setBreaks = StateEffect.define();
export const setHeat = StateEffect.define();

class Chips extends GutterMarker {
  constructor(chips) {
    super();
    this.chips = chips;
  }
  eq(other) {
    return JSON.stringify(other.chips) === JSON.stringify(this.chips);
  }
  toDOM() {
    const box = document.createElement("span");
    box.className = "mk";
    for (const chip of this.chips) {
      const el = document.createElement("span");
      el.className = `chip c${chip.hue}${chip.runs ? "" : " h"}`;
      el.textContent = chip.text;
      el.title = chip.title ?? chip.text;
      box.append(el);
    }
    return box;
  }
}

class LineClass extends GutterMarker {
  constructor(name) {
    super();
    this.elementClass = name;
  }
  eq(other) {
    return other.elementClass === this.elementClass;
  }
}

class Stop extends GutterMarker {
  toDOM() {
    const dot = document.createElement("span");
    dot.className = "stop";
    return dot;
  }
}
const stop = new Stop();

/// A line's share of the time, at its end.
class Heat extends WidgetType {
  constructor(heat) {
    super();
    this.heat = heat;
  }
  eq(other) {
    return other.heat.share === this.heat.share && other.heat.title === this.heat.title;
  }
  toDOM() {
    const box = document.createElement("span");
    box.className = "cm-heat";
    box.title = this.heat.title;
    const words = document.createElement("span");
    words.textContent = `${this.heat.share} %`;
    const meter = document.createElement("meter");
    meter.max = 100;
    meter.value = this.heat.share;
    meter.setAttribute("aria-hidden", "true");
    box.append(words, meter);
    return box;
  }
}

class Message extends WidgetType {
  constructor(text) {
    super();
    this.text = text;
  }
  eq(other) {
    return other.text === this.text;
  }
  toDOM() {
    // The editor measures blocks without their margins: the space around the message is a box of its own.
    const space = document.createElement("div");
    space.className = "cm-faultSpace";
    const box = document.createElement("div");
    box.className = "cm-fault";
    box.setAttribute("role", "alert");
    box.textContent = this.text;
    space.append(box);
    return space;
  }
}

const empty = (builder = new RangeSetBuilder()) => builder.finish();

/// The class of a line: its hue and tint when a thread runs there, the colour of the wait when all of them wait.
const classOf = (mark) => (mark.tint === "run" ? `at c${mark.hue}` : `wait ${mark.tint}`);

function field(effect, build) {
  return StateField.define({
    create: () => ({ value: null, sets: build(null, null) }),
    update(old, tr) {
      for (const e of tr.effects) if (e.is(effect)) return { value: e.value, sets: build(e.value, tr.state.doc) };
      if (!tr.docChanged || old.value === null) return old;
      return { value: old.value, sets: Object.fromEntries(Object.entries(old.sets).map(([k, s]) => [k, s.map(tr.changes)])) };
    },
  });
}

const marks = field(setMarks, (value, doc) => {
  const chips = new RangeSetBuilder();
  const lines = new RangeSetBuilder();
  const gutters = new RangeSetBuilder();
  for (const mark of value ?? []) {
    if (mark.line < 1 || mark.line > doc.lines) continue;
    const at = doc.line(mark.line).from;
    chips.add(at, at, new Chips(mark.chips));
    gutters.add(at, at, new LineClass(classOf(mark)));
    lines.add(at, at, Decoration.line({ class: classOf(mark) }));
  }
  return { chips: chips.finish(), lines: lines.finish(), gutters: gutters.finish() };
});

/// Positions from the compiler may lie outside a text that was edited since, so they are brought inside first.
const fault = field(setError, (value, doc) => {
  if (!value || !doc) return { set: empty() };
  const line = doc.line(Math.min(Math.max(value.line, 1), doc.lines));
  const last = doc.line(Math.min(Math.max(value.endLine, line.number), doc.lines));
  const from = Math.min(line.from + Math.max(value.col - 1, 0), line.to);
  const to = Math.max(Math.min(last.from + Math.max(value.endCol - 1, 0), last.to), from);
  const decorations = [];
  if (to > from) decorations.push(Decoration.mark({ class: "cm-wrong" }).range(from, to));
  else decorations.push(Decoration.line({ class: "cm-wrongLine" }).range(line.from));
  decorations.push(Decoration.widget({ widget: new Message(value.message), block: true, side: 1 }).range(last.to));
  return { set: Decoration.set(decorations, true) };
});

/// Breakpoints: the numbers of their lines.
const breaks = field(setBreaks, (value, doc) => {
  const builder = new RangeSetBuilder();
  for (const line of value ?? []) if (line >= 1 && line <= doc.lines) builder.add(doc.line(line).from, doc.line(line).from, stop);
  return { set: builder.finish() };
});

const heat = field(setHeat, (value, doc) => {
  const all = (value ?? []).filter(({ line }) => line >= 1 && line <= doc.lines);
  return { set: Decoration.set(all.map((one) => Decoration.widget({ widget: new Heat(one), side: 1 }).range(doc.line(one.line).to)), true) };
});

/// The column of breakpoints; `toggle` hears the number of a line that is clicked there.
export const breakGutter = (toggle) => [
  breaks,
  heat,
  EditorView.decorations.from(heat, (v) => v.sets.set),
  gutter({
    class: "cm-breaks",
    markers: (view) => view.state.field(breaks).sets.set,
    lineMarkerChange: (u) => u.startState.field(breaks) !== u.state.field(breaks),
    initialSpacer: () => stop,
    domEventHandlers: {
      mousedown(view, block, event) {
        event.preventDefault();
        toggle(view.state.doc.lineAt(block.from).number);
        return true;
      },
    },
  }),
];

export const marksOf = (state) => state.field(marks).value ?? [];

export const runMarks = [
  marks,
  fault,
  EditorView.decorations.from(marks, (v) => v.sets.lines ?? Decoration.none),
  EditorView.decorations.from(fault, (v) => v.sets.set),
  gutterLineClass.from(marks, (v) => v.sets.gutters),
];

export const chipGutter = gutter({
  class: "cm-chips",
  markers: (view) => view.state.field(marks).sets.chips,
  lineMarkerChange: (u) => u.startState.field(marks) !== u.state.field(marks),
});
